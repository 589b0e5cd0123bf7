// Tests: `src/chains/stacks/store/stacks-store.test.ts`.
/**
 * The record of a followed chain and its blocks, as bytes of our own: in the store, and in an exported chain. All integers are big-endian.
 *
 * Record: "STXC" 01, height(8), id(32), time(8), cycle(4) of the newest confirmed block, count of hand-overs(2), headers(8), signatures(8), state proofs(8),
 * milliseconds(8). Block: cycle(4), burn height + 1(8) or 0, header.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { decodeHeader, encodeHeader } from '../wire/header.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { StacksWireError } from '../wire/wire-error.ts';

const MAGIC = 'STXC';
const VERSION = 1;

/** What was checked. */
export interface StoredCounts {
  readonly headers: number;
  readonly signatures: number;
  readonly stateProofs: number;
  readonly milliseconds: number;
}

export interface ChainRecord {
  /** The newest confirmed block. `time`: Unix seconds. */
  readonly root: { readonly height: number; readonly id: Hash; readonly time: number; readonly cycle: number };
  readonly handOvers: number;
  readonly checked: StoredCounts;
}

/** A block with the cycle whose set signs it. */
export interface StoredBlock {
  readonly item: StacksItem;
  readonly cycle: number;
}

export function writeRecord(writer: ByteWriter, { root, handOvers, checked }: ChainRecord): ByteWriter {
  writer.ascii(MAGIC).u8(VERSION).u64(root.height).hex(root.id, 32).u64(root.time).u32(root.cycle).u16(handOvers);
  return writer.u64(checked.headers).u64(checked.signatures).u64(checked.stateProofs).u64(Math.round(checked.milliseconds));
}

/** Throws `StacksWireError`. */
export function readRecord(reader: ByteReader): ChainRecord {
  reader.magic(MAGIC);
  const version = reader.u8('version');
  if (version !== VERSION) throw new StacksWireError('version', `chain record version ${version}`);
  return {
    root: { height: reader.u64('height'), id: reader.hex(32, 'id'), time: reader.u64('time'), cycle: reader.u32('cycle') },
    handOvers: reader.u16('hand-overs'),
    checked: { headers: reader.u64('headers'), signatures: reader.u64('signatures'), stateProofs: reader.u64('state proofs'), milliseconds: reader.u64('milliseconds') },
  };
}

export function encodeStoredBlock({ item, cycle }: StoredBlock): Uint8Array {
  const { header, burnHeight } = item.block;
  return new ByteWriter(2048).u32(cycle).u64(burnHeight === undefined ? 0 : burnHeight + 1).bytes(encodeHeader(header)).done();
}

/** Throws `StacksWireError`. */
export function decodeStoredBlock(bytes: Uint8Array): StoredBlock {
  const reader = new ByteReader(bytes);
  const cycle = reader.u32('cycle');
  const burnHeight = reader.u64('burn height');
  const header = decodeHeader(reader.bytes(bytes.length - 12, 'header'));
  return { cycle, item: itemOfHeader(header, burnHeight === 0 ? undefined : burnHeight - 1) };
}
