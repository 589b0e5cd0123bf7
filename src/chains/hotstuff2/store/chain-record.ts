/**
 * The record of a followed chain: its newest final block with what proves it, and how the trust in its sets came about. It is in the store beside blocks
 * and state, and at the beginning of an exported chain.
 *
 * Bytes, big-endian: "HS2C" 01, header(223), announcement final(1), proof length(4) proof, lowest block(8), bytes of all blocks(8),
 * state there(1), blocks(8) certificates(8) milliseconds(8), count of sets(2), and for each: set length(4) set, proof length(4) proof.
 * @module
 */
import type { HotStuff2Counts } from '../chain/checked-counts.ts';
import { hashOf } from '../chain/hash.ts';
import type { SetLink } from '../chain/known-sets.ts';
import type { TreeRoot } from '../chain/block-tree.ts';
import type { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeHeader, encodeHeader, HEADER_LENGTH } from '../wire/header.ts';
import { decodeValidatorSet, encodeValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';

const MAGIC = 'HS2C';
const VERSION = 1;

export interface ChainRecord {
  readonly root: TreeRoot;
  /** Height of the lowest block that is stored; above the root: none is. */
  readonly from: number;
  /** Bytes of the stored blocks. */
  readonly blockBytes: number;
  readonly hasState: boolean;
  readonly checked: HotStuff2Counts;
  readonly links: readonly SetLink[];
}

export function writeRecord(writer: ByteWriter, { root, from, blockBytes, hasState, checked, links }: ChainRecord): ByteWriter {
  writer.ascii(MAGIC).u8(VERSION).bytes(encodeHeader(root.header)).u8(Number(root.standing.announcementFinal)).u32(root.proof.length).bytes(root.proof);
  writer.u64(from).u64(blockBytes).u8(Number(hasState)).u64(checked.blocks).u64(checked.certificates).u64(Math.round(checked.milliseconds)).u16(links.length);
  for (const { set, proof } of links) {
    const bytes = encodeValidatorSet(set);
    writer.u32(bytes.length).bytes(bytes).u32(proof.length).bytes(proof);
  }
  return writer;
}

/** Throws `WireError`. The form only. */
export function readRecord(reader: ByteReader): ChainRecord {
  reader.magic(MAGIC);
  const version = reader.u8('version');
  if (version !== VERSION) throw new WireError('version', `chain record version ${version}`);
  const headerBytes = reader.bytes(HEADER_LENGTH, 'header');
  const header = decodeHeader(headerBytes);
  const announcementFinal = reader.u8('announcement final') === 1;
  const proof = reader.bytes(reader.u32('proof length'), 'proof');
  const from = reader.u64('lowest block');
  const blockBytes = reader.u64('bytes of blocks');
  const hasState = reader.u8('state') === 1;
  const checked = { blocks: reader.u64('blocks'), certificates: reader.u64('certificates'), milliseconds: reader.u64('milliseconds') };
  const links: SetLink[] = [];
  for (let count = reader.u16('sets'); count > 0; count -= 1) {
    const set = decodeValidatorSet(reader.bytes(reader.u32('set length'), 'set'));
    links.push({ set, proof: reader.bytes(reader.u32('proof length'), 'proof') });
  }
  return { root: { id: hashOf(headerBytes), header, standing: { header, announcementFinal }, proof }, from, blockBytes, hasState, checked, links };
}
