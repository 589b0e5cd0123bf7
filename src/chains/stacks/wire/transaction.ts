/**
 * Where a transaction ends, and what a chain follower must know of it: its kind, and a tenure change's content. Signatures, fees and calls are
 * not interpreted: the block's root covers the bytes (Stacks reference, 1; SIP-005 for the layout).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { ByteReader } from './byte-reader.ts';
import { skipClarityValue, skipName, skipPrincipal } from './skip-value.ts';
import { StacksWireError } from './wire-error.ts';

/** Items of a list in a transaction at most: a block has at most 2 MiB. */
const MAX_ITEMS = 65_536;
/** Bytes of a contract's code at most, far above the protocol's limit of a block. */
const MAX_CODE = 2 * 1024 * 1024;

export interface TenureChange {
  /** Consensus hash of the tenure that this block belongs to: 40 hex digits, as the next two. */
  readonly tenure: string;
  readonly previousTenure: string;
  /** Consensus hash of the newest sortition that the miner knew. */
  readonly burnView: string;
  /** Id of the last block of the previous tenure, or of this tenure before an extension. */
  readonly previousTenureEnd: Hash;
  /** Blocks of the previous tenure, or of this tenure so far. */
  readonly previousTenureBlocks: number;
  /** 0: a block found; 1 and above: an extension of the same tenure. */
  readonly cause: number;
  /** Hash160 of the miner's key: 40 hex digits. */
  readonly publicKeyHash: string;
}

export type PayloadKind =
  | 'token-transfer' | 'smart-contract' | 'contract-call' | 'poison-microblock' | 'coinbase' | 'coinbase-alt' | 'versioned-contract' | 'tenure-change' | 'nakamoto-coinbase';

const kinds: readonly PayloadKind[] = [
  'token-transfer', 'smart-contract', 'contract-call', 'poison-microblock', 'coinbase', 'coinbase-alt', 'versioned-contract', 'tenure-change', 'nakamoto-coinbase',
];

export interface StacksTransaction {
  /** Exactly as they came; their SHA-512/256 is the transaction's id. */
  readonly bytes: Uint8Array;
  readonly kind: PayloadKind;
  /** Of a tenure change only. */
  readonly tenureChange?: TenureChange | undefined;
}

/** Throws `StacksWireError`: `type` for a kind of authorisation, condition or payload without a meaning. */
export function readTransaction(reader: ByteReader): StacksTransaction {
  const start = reader.offset;
  reader.skip(5, 'version and chain id');
  skipAuthorisation(reader);
  reader.skip(2, 'anchor and condition mode');
  const conditions = reader.count('condition count', MAX_ITEMS, 10);
  for (let i = 0; i < conditions; i += 1) skipPostCondition(reader);
  const type = reader.u8('payload type');
  const kind = kinds[type];
  if (kind === undefined) throw new StacksWireError('type', `payload type ${type}`);
  const tenureChange = skipPayload(reader, kind);
  return { bytes: reader.since(start), kind, ...(tenureChange ? { tenureChange } : {}) };
}

function skipAuthorisation(reader: ByteReader): void {
  const type = reader.u8('authorisation type');
  if (type !== 0x04 && type !== 0x05) throw new StacksWireError('type', `authorisation type ${type}`);
  skipSpendingCondition(reader);
  // The sponsor's.
  if (type === 0x05) skipSpendingCondition(reader);
}

function skipSpendingCondition(reader: ByteReader): void {
  const mode = reader.u8('hash mode');
  reader.skip(36, 'signer, nonce and fee');
  switch (mode) {
    case 0x00: // P2PKH
    case 0x02: // P2WPKH
      return reader.skip(66, 'key encoding and signature');
    case 0x01: // P2SH
    case 0x03: // P2WSH
    case 0x05: // P2SH, any order
    case 0x07: // P2WSH, any order
      return skipSignatures(reader);
    default:
      throw new StacksWireError('type', `hash mode ${mode}`);
  }
}

function skipSignatures(reader: ByteReader): void {
  const count = reader.count('field count', MAX_ITEMS, 34);
  for (let i = 0; i < count; i += 1) {
    const type = reader.u8('field type');
    if (type > 3) throw new StacksWireError('type', `field type ${type}`);
    reader.skip(type < 2 ? 33 : 65, 'key or signature');
  }
  reader.skip(2, 'signatures required');
}

function skipPostCondition(reader: ByteReader): void {
  const type = reader.u8('condition type');
  if (type > 2) throw new StacksWireError('type', `condition type ${type}`);
  const principal = reader.u8('condition principal');
  if (principal < 1 || principal > 3) throw new StacksWireError('type', `condition principal ${principal}`);
  if (principal > 1) reader.skip(21, 'address');
  if (principal === 3) skipName(reader);
  if (type > 0) {
    reader.skip(21, 'asset address');
    skipName(reader);
    skipName(reader);
  }
  if (type === 2) {
    skipClarityValue(reader);
    reader.skip(1, 'condition code');
  } else reader.skip(9, 'condition code and amount');
}

function skipPayload(reader: ByteReader, kind: PayloadKind): TenureChange | undefined {
  switch (kind) {
    case 'token-transfer':
      skipPrincipal(reader);
      reader.skip(42, 'amount and memo');
      return undefined;
    case 'versioned-contract':
      reader.skip(1, 'Clarity version');
      return skipContract(reader);
    case 'smart-contract':
      return skipContract(reader);
    case 'contract-call':
      return skipCall(reader);
    case 'poison-microblock':
      reader.skip(264, 'two microblock headers');
      return undefined;
    case 'coinbase':
      reader.skip(32, 'coinbase');
      return undefined;
    case 'coinbase-alt':
      reader.skip(32, 'coinbase');
      skipPrincipal(reader);
      return undefined;
    case 'nakamoto-coinbase':
      reader.skip(32, 'coinbase');
      skipRecipient(reader);
      reader.skip(80, 'VRF proof');
      return undefined;
    case 'tenure-change':
      return readTenureChange(reader);
  }
}

function skipContract(reader: ByteReader): undefined {
  skipName(reader);
  reader.skip(reader.count('code length', MAX_CODE, 1), 'code');
}

function skipCall(reader: ByteReader): undefined {
  reader.skip(21, 'contract address');
  skipName(reader);
  skipName(reader);
  const count = reader.count('argument count', MAX_ITEMS, 1);
  for (let i = 0; i < count; i += 1) skipClarityValue(reader);
}

/** `none`, or `some` principal. */
function skipRecipient(reader: ByteReader): void {
  const type = reader.u8('recipient');
  if (type === 0x0a) skipPrincipal(reader);
  else if (type !== 0x09) throw new StacksWireError('type', `recipient ${type}`);
}

function readTenureChange(reader: ByteReader): TenureChange {
  return {
    tenure: reader.hex(20, 'tenure'),
    previousTenure: reader.hex(20, 'previous tenure'),
    burnView: reader.hex(20, 'burn view'),
    previousTenureEnd: reader.hex(32, 'end of the previous tenure'),
    previousTenureBlocks: reader.u32('blocks of the previous tenure'),
    cause: reader.u8('cause'),
    publicKeyHash: reader.hex(20, 'key hash'),
  };
}
