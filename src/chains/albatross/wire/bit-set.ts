import { EncodeError } from '../../../base/postcard/errors.ts';
import type { BitSet } from './types.ts';

/** Words of a decoded set that may have members. 512 slots need 8. The rest is room so that the rule "signer above 511" can report its own code. */
export const MAX_BIT_SET_WORDS = 64;

const WORD_BITS = 64;

/** The set of these numbers, without trailing zero words. Throws `EncodeError` outside 0 to 4095. */
export function bitSetOf(indices: Iterable<number>): BitSet {
  const words: bigint[] = [];
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_BIT_SET_WORDS * WORD_BITS) throw new EncodeError('out-of-range', `bit ${index}`);
    const word = Math.floor(index / WORD_BITS);
    while (words.length <= word) words.push(0n);
    words[word] = words[word]! | (1n << BigInt(index % WORD_BITS));
  }
  return { words };
}

export function bitSetHas(set: BitSet, index: number): boolean {
  const word = set.words[Math.floor(index / WORD_BITS)];
  return word !== undefined && ((word >> BigInt(index % WORD_BITS)) & 1n) === 1n;
}

/** The members, ascending. */
export function bitSetIndices(set: BitSet): number[] {
  const indices: number[] = [];
  for (const [at, word] of set.words.entries()) {
    if (word === 0n) continue;
    // Use two halves as numbers: much faster than testing 64 bits of a bigint.
    halfIndices(Number(word & 0xffff_ffffn), at * WORD_BITS, indices);
    halfIndices(Number((word >> 32n) & 0xffff_ffffn), at * WORD_BITS + 32, indices);
  }
  return indices;
}

function halfIndices(half: number, base: number, indices: number[]): void {
  let rest = half;
  while (rest !== 0) {
    const lowest = 31 - Math.clz32(rest & -rest);
    indices.push(base + lowest);
    rest &= rest - 1;
  }
}

/** The number of members. */
export function bitSetCount(set: BitSet): number {
  return bitSetIndices(set).length;
}

/** The largest member, or -1 of the empty set. */
export function bitSetMax(set: BitSet): number {
  return bitSetIndices(set).at(-1) ?? -1;
}
