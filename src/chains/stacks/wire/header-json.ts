/**
 * Headers in the JSON of `/v3/tenures/tip/{consensus hash}` (Stacks reference, 8). Nothing in it is believed: the header is written again to bytes, and
 * hashed.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import { readBitVector } from './bit-vector.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeEpoch2Header, encodeEpoch2Header, type Epoch2Header } from './epoch2-header.ts';
import { encodeHeader, decodeHeader, MAX_SIGNERS, SIGNATURE_LENGTH, type NakamotoHeader } from './header.ts';
import { StacksWireError } from './wire-error.ts';

export type TipHeader = { readonly kind: 'nakamoto'; readonly header: NakamotoHeader } | { readonly kind: 'epoch2'; readonly header: Epoch2Header };

/** Of `{"Nakamoto": …}` or `{"Epoch2": …}`. Throws `StacksWireError`: `type` for anything else, or a field that is missing or of another type. */
export function tipHeaderOfJson(value: unknown): TipHeader {
  const fields = objectOf(value, 'the reply');
  if (fields['Nakamoto'] !== undefined) return { kind: 'nakamoto', header: headerOfJson(fields['Nakamoto']) };
  if (fields['Epoch2'] !== undefined) return { kind: 'epoch2', header: epoch2HeaderOfJson(fields['Epoch2']) };
  throw new StacksWireError('type', 'neither Nakamoto nor Epoch2');
}

/** The object of a Nakamoto header, as `tip_metadata` has it too. A header that names problematic transactions is refused (`version`): their JSON is not known. */
export function headerOfJson(value: unknown): NakamotoHeader {
  const fields = objectOf(value, 'the header');
  const problematic = fields['problematic_txs'] ?? [];
  if (!Array.isArray(problematic) || problematic.length > 0) throw new StacksWireError('version', 'problematic transactions in JSON');
  const header: NakamotoHeader = {
    version: integer(fields, 'version'),
    chainLength: integer(fields, 'chain_length'),
    burnSpent: integer(fields, 'burn_spent'),
    consensusHash: hex(fields, 'consensus_hash', 20),
    parentBlockId: hex(fields, 'parent_block_id', 32),
    transactionRoot: hex(fields, 'tx_merkle_root', 32),
    stateRoot: hex(fields, 'state_index_root', 32),
    timestamp: integer(fields, 'timestamp'),
    minerSignature: fromHex(hex(fields, 'miner_signature', SIGNATURE_LENGTH)),
    signerSignatures: signaturesOf(fields['signer_signature']),
    poxTreatment: treatmentOf(fields['pox_treatment']),
    problematic: [],
  };
  // Through its bytes, so that a number that fits no field is refused here.
  return decodeHeader(encodeHeader(header));
}

function epoch2HeaderOfJson(value: unknown): Epoch2Header {
  const fields = objectOf(value, 'the header');
  const totals = objectOf(fields['total_work'], 'total_work');
  const header: Epoch2Header = {
    version: integer(fields, 'version'),
    burn: integer(totals, 'burn'),
    work: integer(totals, 'work'),
    vrfProof: fromHex(hex(fields, 'proof', 80)),
    parent: hex(fields, 'parent_block', 32),
    parentMicroblock: hex(fields, 'parent_microblock', 32),
    parentMicroblockSequence: integer(fields, 'parent_microblock_sequence'),
    transactionRoot: hex(fields, 'tx_merkle_root', 32),
    stateRoot: hex(fields, 'state_index_root', 32),
    microblockKeyHash: hex(fields, 'microblock_pubkey_hash', 20),
  };
  return decodeEpoch2Header(encodeEpoch2Header(header));
}

function signaturesOf(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value)) throw new StacksWireError('type', 'signer_signature is no list');
  if (value.length > MAX_SIGNERS) throw new StacksWireError('length', `${value.length} signatures`);
  return value.map((it: unknown) => fromHex(hex({ signature: it }, 'signature', SIGNATURE_LENGTH)));
}

/** The bit vector in the bytes of the wire, as hex. */
function treatmentOf(value: unknown): NakamotoHeader['poxTreatment'] {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2}){0,600}$/u.test(value)) throw new StacksWireError('type', 'pox_treatment');
  const reader = new ByteReader(fromHex(value));
  const bits = readBitVector(reader, MAX_SIGNERS, 'PoX treatment');
  reader.end('the PoX treatment');
  return bits;
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new StacksWireError('type', `${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function integer(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new StacksWireError('type', `${name} is no number of the field`);
  return value;
}

function hex(fields: Readonly<Record<string, unknown>>, name: string, length: number): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-f]*$/u.test(value)) throw new StacksWireError('type', `${name} is not ${length} bytes in hex`);
  return value;
}
