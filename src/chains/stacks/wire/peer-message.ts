/**
 * The messages between peers that a light client uses: handshakes, inventories of both epochs, blocks, refusals, pings (Stacks reference, 6).
 * Tests: `src/chains/stacks/wire/frame.test.ts`.
 * @module
 */
import { readBitVector, writeBitVector, byteCountOf, type BitVector } from './bit-vector.ts';
import { readBlock, writeBlock, type NakamotoBlock } from './block.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readHandshake, readHandshakeAccept, writeHandshake, writeHandshakeAccept, type HandshakeAcceptData, type HandshakeData } from './handshake.ts';
import { signerPreimage } from './header.ts';
import { toHex } from '../../../base/bytes.ts';
import { sha512_256 } from '../../../crypto/sha512-256.ts';
import { StacksWireError } from './wire-error.ts';

/** Bits of a Nakamoto inventory at most: the sortitions of a reward cycle (Stacks reference, 6). */
export const MAX_INVENTORY_BITS = 2100;
/** Cycles that one GetPoxInv may ask for (Stacks reference, 6). */
export const MAX_POX_CYCLES = 4096;
/** Blocks in one message (Stacks reference, 6). */
const MAX_BLOCKS = 32;

/** Why a peer refuses. Others have no meaning for a light client: 6 to 10 are of StackerDB. */
export const nackCodes = { handshakeFirst: 1, unknownBlock: 2, throttled: 3, otherFork: 4, invalid: 5 } as const;

export type PeerMessage =
  | { readonly kind: 'Handshake'; readonly data: HandshakeData }
  | { readonly kind: 'HandshakeAccept'; readonly data: HandshakeAcceptData }
  /** `databases`: consensus hash and list of contracts, not interpreted. */
  | { readonly kind: 'StackerDBHandshakeAccept'; readonly data: HandshakeAcceptData; readonly databases: Uint8Array }
  /** `count`: Bitcoin heights from the asked one on. */
  | { readonly kind: 'GetBlocksInv'; readonly consensusHash: string; readonly count: number }
  /** Both with the least significant bit first; bit 0 is the asked height. */
  | { readonly kind: 'BlocksInv'; readonly length: number; readonly blocks: Uint8Array; readonly microblocks: Uint8Array }
  /** `count`: cycles. */
  | { readonly kind: 'GetPoxInv'; readonly consensusHash: string; readonly count: number }
  /** Bit i: the anchor block of the i-th asked cycle is known, or known to be absent. */
  | { readonly kind: 'PoxInv'; readonly length: number; readonly pox: Uint8Array }
  | { readonly kind: 'Nack'; readonly code: number }
  | { readonly kind: 'Ping' | 'Pong'; readonly nonce: number }
  | { readonly kind: 'GetNakamotoInv'; readonly consensusHash: string }
  /** Bit 0 is one height below the asked one: the first of the cycle. */
  | { readonly kind: 'NakamotoInv'; readonly tenures: BitVector }
  | { readonly kind: 'NakamotoBlocks'; readonly blocks: readonly NakamotoBlock[] }
  /** A message that a light client does not use. */
  | { readonly kind: 'Other'; readonly type: number; readonly payload: Uint8Array };

const types = {
  Handshake: 0, HandshakeAccept: 1, GetBlocksInv: 5, BlocksInv: 6, GetPoxInv: 7, PoxInv: 8, Nack: 14, Ping: 15, Pong: 16, StackerDBHandshakeAccept: 19, GetNakamotoInv: 26, NakamotoInv: 27, NakamotoBlocks: 28,
} as const;
const kindOf = new Map(Object.entries(types).map(([kind, type]) => [type, kind as keyof typeof types]));

/** From the type byte to the end of the payload. Throws `StacksWireError`. */
export function readMessage(reader: ByteReader): PeerMessage {
  const type = reader.u8('message type');
  const kind = kindOf.get(type as (typeof types)[keyof typeof types]);
  switch (kind) {
    case undefined:
      return { kind: 'Other', type, payload: reader.bytes(reader.remaining, 'payload') };
    case 'Handshake':
      return { kind, data: readHandshake(reader) };
    case 'HandshakeAccept':
      return { kind, data: readHandshakeAccept(reader) };
    case 'StackerDBHandshakeAccept':
      return { kind, data: readHandshakeAccept(reader), databases: reader.bytes(reader.remaining, 'databases') };
    case 'GetBlocksInv':
    case 'GetPoxInv':
      return { kind, consensusHash: reader.hex(20, 'consensus hash'), count: reader.u16('count') };
    case 'BlocksInv':
      return readBlocksInv(reader);
    case 'PoxInv': {
      const length = reader.u16('bit count');
      if (length < 1 || length > MAX_POX_CYCLES) throw new StacksWireError('length', `PoX inventory of ${length} bits`);
      return { kind, length, pox: readBits(reader, length, 'PoX bits') };
    }
    case 'Nack':
      return { kind, code: reader.u32('code') };
    case 'Ping':
    case 'Pong':
      return { kind, nonce: reader.u32('nonce') };
    case 'GetNakamotoInv':
      return { kind, consensusHash: reader.hex(20, 'consensus hash') };
    case 'NakamotoInv':
      return { kind, tenures: readBitVector(reader, MAX_INVENTORY_BITS, 'inventory') };
    case 'NakamotoBlocks':
      return { kind, blocks: readBlocks(reader) };
  }
}

export function writeMessage(writer: ByteWriter, message: PeerMessage): void {
  writer.u8(message.kind === 'Other' ? message.type : types[message.kind]);
  switch (message.kind) {
    case 'Handshake':
      return writeHandshake(writer, message.data);
    case 'HandshakeAccept':
      return writeHandshakeAccept(writer, message.data);
    case 'StackerDBHandshakeAccept':
      writeHandshakeAccept(writer, message.data);
      return void writer.bytes(message.databases);
    case 'GetBlocksInv':
    case 'GetPoxInv':
      return void writer.hex(message.consensusHash, 20).u16(message.count);
    case 'BlocksInv':
      writer.u16(message.length);
      writeBits(writer, message.blocks, message.length);
      return writeBits(writer, message.microblocks, message.length);
    case 'PoxInv':
      writer.u16(message.length);
      return writeBits(writer, message.pox, message.length);
    case 'Nack':
      return void writer.u32(message.code);
    case 'Ping':
    case 'Pong':
      return void writer.u32(message.nonce);
    case 'GetNakamotoInv':
      return void writer.hex(message.consensusHash, 20);
    case 'NakamotoInv':
      return writeBitVector(writer, message.tenures, MAX_INVENTORY_BITS, 'inventory');
    case 'NakamotoBlocks':
      if (message.blocks.length > MAX_BLOCKS) throw new StacksWireError('length', `${message.blocks.length} blocks`);
      writer.u32(message.blocks.length);
      return message.blocks.forEach((block) => writeBlock(writer, block));
    case 'Other':
      return void writer.bytes(message.payload);
  }
}

function readBlocksInv(reader: ByteReader): PeerMessage {
  const length = reader.u16('bit count');
  if (length < 1 || length > MAX_INVENTORY_BITS) throw new StacksWireError('length', `inventory of ${length} bits`);
  return { kind: 'BlocksInv', length, blocks: readBits(reader, length, 'block bits'), microblocks: readBits(reader, length, 'microblock bits') };
}

function readBits(reader: ByteReader, length: number, what: string): Uint8Array {
  const count = reader.count(what, byteCountOf(length), 1);
  if (count !== byteCountOf(length)) throw new StacksWireError('length', `${what}: ${count} bytes for ${length} bits`);
  return reader.bytes(count, what);
}

function writeBits(writer: ByteWriter, bytes: Uint8Array, length: number): void {
  writer.u32(bytes.length).bytes(bytes, byteCountOf(length));
}

/** Blocks are told apart by what their signers sign. */
function readBlocks(reader: ByteReader): readonly NakamotoBlock[] {
  const count = reader.count('block count', MAX_BLOCKS, 200);
  const blocks = Array.from({ length: count }, () => readBlock(reader));
  const names = new Set(blocks.map(({ header }) => toHex(sha512_256(signerPreimage(header)))));
  if (names.size < blocks.length) throw new StacksWireError('duplicate', 'a block is there twice');
  return blocks;
}
