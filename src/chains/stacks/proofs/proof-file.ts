// Tests: `src/chains/stacks/proofs/verify-proof-file.test.ts`.
/**
 * A proof to take away: that a key of the state had a value after a block that a signer set certified, and how trust came from a checkpoint to that set.
 * One file, verified offline.
 *
 * Bytes, big-endian: "STXPROOF" 01, network id u32; checkpoint: cycle u64, count u16 and members of key hash 20, weight u32; count u16 of hand-overs, each
 * a statement without key; then key (u32 length, UTF-8) and a statement. Statement: header (u32 length, bytes), count u8 of passed headers, each 00, u32
 * length, Nakamoto header without signatures, or 02, consensus hash 20, epoch 2.x header 247; MARF proof (u32 length, bytes), value (u32 length, UTF-8).
 * @module
 */
import { equalBytes } from '../../../base/bytes.ts';
import type { SetMember, SignerSet } from '../chain/signer-set.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeEpoch2Header, EPOCH2_HEADER_LENGTH } from '../wire/epoch2-header.ts';
import { MAX_SIGNERS, decodeHeader, encodeHeader } from '../wire/header.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import { MAX_MARF_PROOF_BYTES, decodeMarfProof, encodeMarfProof } from '../wire/marf-proof.ts';
import { StacksWireError } from '../wire/wire-error.ts';
import type { PassedHeader } from './block-root.ts';
import { MAX_HOPS } from './marf-segments.ts';
import { MAX_KEY_TEXT } from './state-key.ts';
import { MAX_VALUE_TEXT } from './state-value.ts';
import type { ProofStatement } from './statement.ts';

const MAGIC = new TextEncoder().encode('STXPROOF');
const VERSION = 1;
/** Hand-overs in a file at most: cycles of two weeks for more than two years. After that a newer checkpoint is due. */
export const MAX_HAND_OVERS = 64;
/** Bytes of a file at most: 64 hand-overs of some 100 KB and a proof. */
export const MAX_PROOF_FILE_BYTES = 16 * 1024 * 1024;
/** Bytes of a header at most: 4000 signatures of 65 bytes, and room for the rest. */
const MAX_HEADER_BYTES = 1024 * 1024;

export interface StacksProofFile {
  readonly networkId: number;
  /** The set that the verifier must trust already. */
  readonly checkpoint: SignerSet;
  /** One for each cycle after the checkpoint's, up to that of the header: its value is the set of that cycle. */
  readonly handOvers: readonly ProofStatement[];
  readonly key: string;
  readonly statement: ProofStatement;
}

/** Whether bytes begin as such a file, of any version. */
export function isStacksProofFile(bytes: Uint8Array): boolean {
  return bytes.length > MAGIC.length && equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** Throws `StacksWireError` for what does not fit a field. */
export function encodeProofFile({ networkId, checkpoint, handOvers, key, statement }: StacksProofFile): Uint8Array {
  if (handOvers.length > MAX_HAND_OVERS || checkpoint.members.length > MAX_SIGNERS) throw new StacksWireError('length', 'too many hand-overs or signers');
  const writer = new ByteWriter(64 * 1024).bytes(MAGIC).u8(VERSION).u32(networkId).u64(checkpoint.cycle).u16(checkpoint.members.length);
  for (const { keyHash, weight } of checkpoint.members) writer.hex(keyHash, 20).u32(weight);
  writer.u16(handOvers.length);
  for (const handOver of handOvers) writeStatement(writer, handOver);
  writeText(writer, key);
  writeStatement(writer, statement);
  return writer.done();
}

/** A statement by itself, as it is in a file. Throws `StacksWireError` for what does not fit a field. */
export function encodeStatement(statement: ProofStatement): Uint8Array {
  const writer = new ByteWriter(64 * 1024);
  writeStatement(writer, statement);
  return writer.done();
}

/** Throws only coded errors. */
export function decodeStatement(bytes: Uint8Array): ProofStatement {
  const reader = new ByteReader(bytes);
  const statement = readStatement(reader);
  reader.end('the statement');
  return statement;
}

function writeStatement(writer: ByteWriter, { header, passed, proof, value }: ProofStatement): void {
  writePart(writer, encodeHeader(header));
  writer.u8(passed.length);
  for (const { bytes, consensusHash } of passed) {
    if (consensusHash === undefined) writePart(writer.u8(0), encodeHeader({ ...decodeHeader(bytes), signerSignatures: [] }));
    else writer.u8(2).hex(consensusHash, 20).bytes(bytes, EPOCH2_HEADER_LENGTH);
  }
  writePart(writer, encodeMarfProof(proof));
  writeText(writer, value);
}

function writePart(writer: ByteWriter, bytes: Uint8Array): void {
  writer.u32(bytes.length).bytes(bytes);
}

function writeText(writer: ByteWriter, text: string): void {
  writePart(writer, new TextEncoder().encode(text));
}

/** Throws only coded errors. A file has one form. Nothing is verified. */
export function decodeProofFile(bytes: Uint8Array): StacksProofFile {
  if (bytes.length > MAX_PROOF_FILE_BYTES) throw new StacksWireError('length', `file of ${bytes.length} bytes`);
  if (!isStacksProofFile(bytes)) throw new StacksWireError('type', 'not a proof file of Stacks');
  const reader = new ByteReader(bytes);
  reader.skip(MAGIC.length, 'magic');
  const version = reader.u8('version');
  if (version !== VERSION) throw new StacksWireError('version', `proof file version ${version}`);
  const networkId = reader.u32('network id');
  const checkpoint = { cycle: reader.u64('cycle'), members: readMembers(reader) };
  const count = reader.u16('count of hand-overs');
  if (count > MAX_HAND_OVERS) throw new StacksWireError('length', `${count} hand-overs`);
  const handOvers = Array.from({ length: count }, () => readStatement(reader));
  const key = readText(reader, MAX_KEY_TEXT);
  const statement = readStatement(reader);
  reader.end('the file');
  return { networkId, checkpoint, handOvers, key, statement };
}

function readMembers(reader: ByteReader): readonly SetMember[] {
  const count = reader.u16('count of signers');
  if (count > MAX_SIGNERS) throw new StacksWireError('length', `${count} signers`);
  return Array.from({ length: count }, () => ({ keyHash: reader.hex(20, 'key hash'), weight: reader.u32('weight') }));
}

function readStatement(reader: ByteReader): ProofStatement {
  const header = readHeaderPart(reader);
  const count = reader.u8('count of passed headers');
  if (count > MAX_HOPS) throw new StacksWireError('length', `${count} passed headers`);
  const passed = Array.from({ length: count }, () => readPassed(reader));
  const proof = decodeMarfProof(readPart(reader, MAX_MARF_PROOF_BYTES, 'proof'));
  return { header, passed, proof, value: readText(reader, MAX_VALUE_TEXT) };
}

function readPassed(reader: ByteReader): PassedHeader {
  const kind = reader.u8('kind of a header');
  if (kind === 0) {
    const header = readHeaderPart(reader);
    // Nothing covers them, so that other ones would make another file of the same proof.
    if (header.signerSignatures.length > 0) throw new StacksWireError('length', 'a passed header has no signatures');
    return { bytes: encodeHeader(header) };
  }
  if (kind !== 2) throw new StacksWireError('type', `header of kind ${kind}`);
  const consensusHash = reader.hex(20, 'consensus hash');
  const bytes = reader.bytes(EPOCH2_HEADER_LENGTH, 'header');
  decodeEpoch2Header(bytes);
  return { bytes, consensusHash };
}

function readHeaderPart(reader: ByteReader): NakamotoHeader {
  const bytes = readPart(reader, MAX_HEADER_BYTES, 'header');
  const header = decodeHeader(bytes);
  if (!equalBytes(encodeHeader(header), bytes)) throw new StacksWireError('type', 'a header in another form');
  return header;
}

function readPart(reader: ByteReader, most: number, what: string): Uint8Array {
  return reader.bytes(reader.count(`length of the ${what}`, most, 1), what);
}

function readText(reader: ByteReader, most: number): string {
  const bytes = readPart(reader, most, 'text');
  // Keys and values are ASCII.
  if (bytes.some((byte) => byte > 0x7e || byte < 0x20)) throw new StacksWireError('text', 'a character that is not printable ASCII');
  return new TextDecoder().decode(bytes);
}
