/**
 * The tree over the voting keys of all slots, by which election blocks of version 1 commit to their validators (Albatross block
 * reference, 2.2): 32 leaves of BLAKE2s over 16 compressed keys each, then pairs upwards.
 * @module
 */
import { blake2s } from './blake2s.ts';

/** The number of slots. A list that claims more is cut, so that it costs no more. */
const SLOTS = 512;
const LEAVES = 32;

/** The compressed voting key of a validator (285 bytes), and its number of slots. */
export interface SlotKeys {
  readonly compressed: Uint8Array;
  readonly slots: number;
}

/** The 32-byte root over the keys in the order of their slots. Every list has a root. `hash` is BLAKE2s. */
export function keyTreeRoot(list: readonly SlotKeys[], hash = blake2s): Uint8Array {
  const keys = keyPerSlot(list);
  let level: Uint8Array[] = [];
  // A list that does not fill all slots (no valid block has one) is divided in proportion. This is the official client's rule, as its
  // printed hashes show.
  let before: Uint8Array | undefined;
  for (let i = 0; i < LEAVES; i++) {
    const leaf = keys.subarray(Math.floor((i * keys.length) / LEAVES), Math.floor(((i + 1) * keys.length) / LEAVES));
    // A validator with many slots fills several leaves with the same bytes.
    level.push(before && isSame(leaf, before) ? level[i - 1]! : hash(leaf));
    before = leaf;
  }
  while (level.length > 1) level = Array.from({ length: level.length / 2 }, (_, i) => hash(concat([level[2 * i]!, level[2 * i + 1]!])));
  return level[0]!;
}

function keyPerSlot(list: readonly SlotKeys[]): Uint8Array {
  const keys: Uint8Array[] = [];
  for (const { compressed, slots } of list) {
    for (let slot = 0; slot < slots && keys.length < SLOTS; slot++) keys.push(compressed);
  }
  return concat(keys);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
