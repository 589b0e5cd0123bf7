/**
 * The header of a block of `hs2-light/1`, 223 bytes; the block's hash is their SHA-256 (HotStuff-2 reference, 3).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

/** Bytes of a header. */
export const HEADER_LENGTH = 223;
/** Bytes of a payload at most (HotStuff-2 reference, 3). */
export const MAX_PAYLOAD_LENGTH = 4 * 1024 * 1024;
const MAGIC = 'HS2H';
const VERSION = 1;

export interface Header {
  /** SHA-256("hs2-light/1" 00 name). */
  readonly chainId: Hash;
  /** Below 2^32. */
  readonly height: number;
  readonly view: number;
  /** Index of the proposer in the block's own validator set. */
  readonly proposer: number;
  /** Unix milliseconds. */
  readonly time: number;
  /** Zeros for genesis. */
  readonly parent: Hash;
  readonly payloadRoot: Hash;
  /** Bytes of the payload. */
  readonly payloadLength: number;
  /** Of the state after this block. */
  readonly stateRoot: Hash;
  /** Hash of the set whose members sign this block's QC. */
  readonly validators: Hash;
  /** The same hash, or that of the announced next set. */
  readonly nextValidators: Hash;
}

export function encodeHeader(header: Header): Uint8Array {
  const writer = new ByteWriter(HEADER_LENGTH).ascii(MAGIC).u8(VERSION).hash(header.chainId).u64(header.height).u32(header.view);
  if (header.height >= 2 ** 32) throw new WireError('number', 'a height is below 2^32');
  writer.u16(header.proposer).u64(header.time).hash(header.parent).hash(header.payloadRoot).u32(header.payloadLength);
  return writer.hash(header.stateRoot).hash(header.validators).hash(header.nextValidators).done();
}

/** Of exactly 223 bytes. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  reader.end('the header');
  return header;
}

export function readHeader(reader: ByteReader): Header {
  reader.magic(MAGIC);
  const version = reader.u8('version');
  if (version !== VERSION) throw new WireError('version', `header version ${version}`);
  const chainId = reader.hash('chain id');
  const height = reader.u64('height');
  if (height >= 2 ** 32) throw new WireError('number', `height ${height}`);
  const view = reader.u32('view');
  const proposer = reader.u16('proposer');
  const time = reader.u64('time');
  const parent = reader.hash('parent');
  const payloadRoot = reader.hash('payload root');
  const payloadLength = reader.u32('payload length');
  if (payloadLength > MAX_PAYLOAD_LENGTH) throw new WireError('length', `payload of ${payloadLength} bytes`);
  const stateRoot = reader.hash('state root');
  const validators = reader.hash('validators');
  const nextValidators = reader.hash('next validators');
  return { chainId, height, view, proposer, time, parent, payloadRoot, payloadLength, stateRoot, validators, nextValidators };
}

/** Offset of the parent's hash in a header. */
const PARENT_AT = 59;

/** The hash of the parent, read without the rest of the header. `bytes` begin with a header. */
export function parentOfHeader(bytes: Uint8Array): Hash {
  return new ByteReader(bytes.subarray(PARENT_AT, PARENT_AT + 32)).hash('parent');
}
