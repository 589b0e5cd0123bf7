import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import { MAX_PATH } from './sync-limits.ts';

/** An entry of the state with its path in the tree of entries (HotStuff-2 reference, 3 and 4). */
export interface StateLeaf {
  readonly index: number;
  /** Entries of the whole state. */
  readonly count: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Hashes of 32 bytes, from the leaf's neighbour up. */
  readonly path: readonly Uint8Array[];
}

/**
 * The body of the frame StateProof. `present`: one leaf, the entry itself. Absent: the two neighbours of where the key would be, the one leaf at
 * an end, or none if the state has no entries. The reference leaves the form of an absent key open; ours is the byte 0, then as many leaves as
 * there are bytes for, at most two. Each leaf: index (8), count (8), entry, path length (1), path.
 */
export interface StateProofBody {
  readonly present: boolean;
  readonly leaves: readonly StateLeaf[];
}

function writeLeaf(w: Writer, leaf: StateLeaf): void {
  w.bigEndian(leaf.index, 8, Number.MAX_SAFE_INTEGER);
  w.bigEndian(leaf.count, 8, Number.MAX_SAFE_INTEGER);
  w.bigEndian(leaf.key.length, 2, 0xffff);
  w.raw(leaf.key);
  w.bigEndian(leaf.value.length, 4, 0xffff_ffff);
  w.raw(leaf.value);
  w.bigEndian(leaf.path.length, 1, MAX_PATH);
  for (const hash of leaf.path) w.fixed(hash, 32);
}

function readLeaf(r: Reader): StateLeaf {
  const start = r.offset;
  const index = r.bigEndian(8);
  const count = r.bigEndian(8);
  if (index >= count) throw new DecodeError('invalid-value', start, `index ${index} of ${count}`);
  const key = r.fixed(r.bigEndian(2));
  if (key.length === 0) throw new DecodeError('invalid-value', start + 16, 'an empty key');
  const value = r.fixed(r.bigEndian(4));
  const at = r.offset;
  const length = r.u8();
  if (length > MAX_PATH) throw new DecodeError('length-over-limit', at, `a path of ${length} hashes`);
  const path: Uint8Array[] = [];
  for (let i = 0; i < length; i += 1) path.push(r.fixed(32));
  return { index, count, key, value, path };
}

/** Throws `EncodeError`. */
export function writeStateProof(w: Writer, proof: StateProofBody): void {
  if (proof.present ? proof.leaves.length !== 1 : proof.leaves.length > 2) throw new EncodeError('inconsistent', `${proof.leaves.length} leaves`);
  w.u8(proof.present ? 1 : 0);
  for (const leaf of proof.leaves) writeLeaf(w, leaf);
}

/** Reads to the end of the frame. Throws `DecodeError`. */
export function readStateProof(r: Reader): StateProofBody {
  const present = r.flag('invalid-bool');
  if (present) return { present, leaves: [readLeaf(r)] };
  const leaves: StateLeaf[] = [];
  while (r.remaining > 0 && leaves.length < 2) leaves.push(readLeaf(r));
  return { present, leaves };
}
