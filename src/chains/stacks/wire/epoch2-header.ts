/**
 * The header of a block before Nakamoto, 247 bytes (Stacks reference, 11).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** Bytes of a header of epoch 2.x. */
export const EPOCH2_HEADER_LENGTH = 247;

export interface Epoch2Header {
  readonly version: number;
  /** Satoshis burnt on this fork. */
  readonly burn: number;
  /** Blocks on this fork: the height. */
  readonly work: number;
  /** 80 bytes. */
  readonly vrfProof: Uint8Array;
  /** Hash (not id) of the block before. */
  readonly parent: Hash;
  readonly parentMicroblock: Hash;
  readonly parentMicroblockSequence: number;
  readonly transactionRoot: Hash;
  readonly stateRoot: Hash;
  /** Hash160 of the key that signs the microblocks: 40 hex digits. */
  readonly microblockKeyHash: string;
}

/** Of exactly 247 bytes. Throws `StacksWireError`. */
export function decodeEpoch2Header(bytes: Uint8Array): Epoch2Header {
  const reader = new ByteReader(bytes);
  const header: Epoch2Header = {
    version: reader.u8('version'),
    burn: reader.u64('burn'),
    work: reader.u64('work'),
    vrfProof: reader.bytes(80, 'VRF proof'),
    parent: reader.hex(32, 'parent block'),
    parentMicroblock: reader.hex(32, 'parent microblock'),
    parentMicroblockSequence: reader.u16('sequence'),
    transactionRoot: reader.hex(32, 'transaction root'),
    stateRoot: reader.hex(32, 'state root'),
    microblockKeyHash: reader.hex(20, 'key hash'),
  };
  reader.end('the header');
  return header;
}

export function encodeEpoch2Header(header: Epoch2Header): Uint8Array {
  const writer = new ByteWriter(EPOCH2_HEADER_LENGTH).u8(header.version).u64(header.burn).u64(header.work).bytes(header.vrfProof, 80);
  writer.hex(header.parent, 32).hex(header.parentMicroblock, 32).u16(header.parentMicroblockSequence);
  return writer.hex(header.transactionRoot, 32).hex(header.stateRoot, 32).hex(header.microblockKeyHash, 20).done();
}
