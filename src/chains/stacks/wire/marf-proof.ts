// Tests: `src/chains/stacks/proofs/verify-marf-proof.test.ts`.
/**
 * The bytes of a MARF proof (Stacks reference, 3): u32 count, then entries from the leaf up to the trusted root. Big-endian.
 *
 * Node: type u8 (0 to 3), chr u8, node id u8, path u32 length and bytes, u32 count and pointers of id u8, chr u8, block 32; then one hash of 32 less than
 * there are pointers. Leaf: type 4, chr u8, path, value 40. Shunt: type 5, index i64, u32 count and hashes.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { MarfError } from './marf-error.ts';

/** Slots of a node by its type byte; its id is two more. */
const SLOTS = [4, 16, 48, 256] as const;
const LEAF = 4;
const SHUNT = 5;
/** Bit of a pointer's id: the child is in the trie of another block. */
const BACK = 0x80;

/** Bytes of the path of a key: SHA-512/256. */
export const PATH_BYTES = 32;
/** Bytes that a leaf holds: a hash and eight zeros. */
const VALUE_BYTES = 40;
/** Bytes of a proof at most: 65 segments of some 70 KB, the size on a large trie, and room for shunts. */
export const MAX_MARF_PROOF_BYTES = 8 * 1024 * 1024;
/** Entries of a proof at most: 65 segments of at most 33 nodes and a leaf, and as many shunts. */
const MAX_ENTRIES = 4096;
/** Hashes of a shunt at most: ancestors at distances of powers of two of a 64-bit height, and the node root. */
const MAX_ANCESTORS = 65;

export interface MarfPointer {
  /** 0: no child; 1: a leaf; 2 to 5: a node; 0x80 is added for a child in the trie of another block. */
  readonly id: number;
  readonly chr: number;
  /** That block's id; zeros if the child is in the same trie. */
  readonly block: Uint8Array;
}

export interface MarfNode {
  readonly kind: 'node';
  /** 2, 3, 4, 5: with 4, 16, 48, 256 slots. */
  readonly id: number;
  /** The slot on the way to the leaf. */
  readonly chr: number;
  readonly path: Uint8Array;
  readonly pointers: readonly MarfPointer[];
  /** Hashes of all children but the one on the way. */
  readonly hashes: readonly Uint8Array[];
}

export interface MarfLeaf {
  readonly kind: 'leaf';
  /** The last byte of the key's path. */
  readonly chr: number;
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

export interface MarfShunt {
  readonly kind: 'shunt';
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
}

export type MarfEntry = MarfNode | MarfLeaf | MarfShunt;

/** Whether the pointer names a block. */
export function isBackPointer({ id }: MarfPointer): boolean {
  return (id & BACK) !== 0;
}

/** The block that a pointer names. */
export function blockOf({ block }: MarfPointer): Hash {
  return toHex(block);
}

/** Throws `MarfError`, and `StacksWireError` for bytes that end too early or are left over. Nothing is verified. */
export function decodeMarfProof(bytes: Uint8Array): readonly MarfEntry[] {
  if (bytes.length > MAX_MARF_PROOF_BYTES) throw new MarfError('size', `${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  const count = reader.count('count of entries', MAX_ENTRIES, 13);
  const entries = Array.from({ length: count }, () => readEntry(reader));
  reader.end('the proof');
  return entries;
}

function readEntry(reader: ByteReader): MarfEntry {
  const type = reader.u8('type of an entry');
  if (type === LEAF) return { kind: 'leaf', chr: reader.u8('chr'), path: readPath(reader), value: reader.bytes(VALUE_BYTES, 'value') };
  if (type === SHUNT) return { kind: 'shunt', index: reader.u64('index'), hashes: readHashes(reader, reader.count('count of ancestors', MAX_ANCESTORS, 32)) };
  const slots = SLOTS[type];
  if (slots === undefined) throw new MarfError('type', `entry of type ${type}`);
  const chr = reader.u8('chr');
  const id = reader.u8('node id');
  if (id !== type + 2) throw new MarfError('type', `node id ${id} in an entry of type ${type}`);
  const path = readPath(reader);
  const count = reader.u32('count of pointers');
  if (count !== slots) throw new MarfError('size', `${count} pointers, not ${slots}`);
  const pointers = Array.from({ length: slots }, () => readPointer(reader));
  return { kind: 'node', id, chr, path, pointers, hashes: readHashes(reader, slots - 1) };
}

function readPath(reader: ByteReader): Uint8Array {
  const length = reader.u32('length of a path');
  if (length > PATH_BYTES) throw new MarfError('size', `path of ${length} bytes`);
  return reader.bytes(length, 'path');
}

function readPointer(reader: ByteReader): MarfPointer {
  const pointer = { id: reader.u8('pointer id'), chr: reader.u8('chr'), block: reader.bytes(32, 'block') };
  // The hash of the node does not cover these bytes.
  if (!isBackPointer(pointer) && pointer.block.some((byte) => byte !== 0)) throw new MarfError('pointer', 'a block that is not pointed to');
  return pointer;
}

function readHashes(reader: ByteReader, count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () => reader.bytes(32, 'hash'));
}

/** The bytes that `decodeMarfProof` reads. Throws `StacksWireError` for a field that does not fit. */
export function encodeMarfProof(entries: readonly MarfEntry[]): Uint8Array {
  const writer = new ByteWriter(32 * 1024).u32(entries.length);
  for (const entry of entries) writeEntry(writer, entry);
  return writer.done();
}

function writeEntry(writer: ByteWriter, entry: MarfEntry): void {
  if (entry.kind === 'leaf') {
    writer.u8(LEAF).u8(entry.chr).u32(entry.path.length).bytes(entry.path).bytes(entry.value, VALUE_BYTES);
    return;
  }
  if (entry.kind === 'shunt') writer.u8(SHUNT).u64(entry.index).u32(entry.hashes.length);
  else {
    writer.u8(entry.id - 2).u8(entry.chr).u8(entry.id).u32(entry.path.length).bytes(entry.path).u32(entry.pointers.length);
    for (const { id, chr, block } of entry.pointers) writer.u8(id).u8(chr).bytes(block, 32);
  }
  for (const hash of entry.hashes) writer.bytes(hash, 32);
}
