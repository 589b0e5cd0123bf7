/**
 * BLAKE2s-256: message hashes of BLS signatures, header hashes of votes, body roots (Albatross cryptography reference, 1). The plain
 * hash comes from a library; the hash to the curve sets the parameter block itself (fanout and depth 0), which no library lets one
 * do, so the function of RFC 7693 is here a second time, with that block as an argument.
 * @module
 */
import { blake2s as nobleBlake2s } from '@noble/hashes/blake2.js';

/** The parameter block of BLAKE2s: eight little-endian 32-bit words (BLAKE2 specification, 2.8). */
export type Blake2sParameters = readonly [number, number, number, number, number, number, number, number];

/** The block of the ordinary unkeyed hash: digest length 32, fanout 1, depth 1. */
export const PLAIN_PARAMETERS: Blake2sParameters = [0x01010020, 0, 0, 0, 0, 0, 0, 0];

/** Bytes compressed at once. */
const BLOCK_LENGTH = 64;

/** The fractional parts of the square roots of the first eight primes (RFC 7693, 2.6). */
const INITIAL_VALUE = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;

/** Which message word goes where in each of the ten rounds (RFC 7693, 2.7). */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;

/** The columns, then the diagonals, of the 4 x 4 working vector. */
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** The 32-byte BLAKE2s digest of `bytes`. */
export function blake2s(bytes: Uint8Array): Uint8Array {
  return nobleBlake2s(bytes, { dkLen: 32 });
}

/** BLAKE2s of `bytes` with an explicit parameter block and the ordinary last-block flag; always 32 bytes of output. */
export function blake2sWithParameters(words: Blake2sParameters, bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.from(words, (word, i) => word ^ INITIAL_VALUE[i]!);
  // The last block is never empty, unless the whole input is.
  const lastBlock = Math.max(0, Math.ceil(bytes.length / BLOCK_LENGTH) - 1);
  for (let block = 0; block <= lastBlock; block++) {
    const chunk = new Uint8Array(BLOCK_LENGTH);
    chunk.set(bytes.subarray(block * BLOCK_LENGTH, (block + 1) * BLOCK_LENGTH));
    const isLast = block === lastBlock;
    compress(state, chunk, isLast ? bytes.length : (block + 1) * BLOCK_LENGTH, isLast);
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setUint32(4 * i, word, true));
  return new Uint8Array(digest.buffer);
}

/** The function F of RFC 7693, 3.2. `counter`: bytes hashed so far, this block's included. */
function compress(state: Uint32Array, chunk: Uint8Array, counter: number, isLast: boolean): void {
  const view = new DataView(chunk.buffer);
  const message = Array.from({ length: 16 }, (_, i) => view.getUint32(4 * i, true));
  const work = new Uint32Array([...state, ...INITIAL_VALUE]);
  work[12]! ^= counter;
  work[13]! ^= Math.floor(counter / 2 ** 32);
  if (isLast) work[14] = ~work[14]!;
  for (const order of SIGMA) {
    MIXED.forEach(([a, b, c, d], i) => mix(work, a, b, c, d, message[order[2 * i]!]!, message[order[2 * i + 1]!]!));
  }
  for (let i = 0; i < 8; i++) state[i]! ^= work[i]! ^ work[i + 8]!;
}

/** The function G of RFC 7693, 3.1. */
function mix(v: Uint32Array, a: number, b: number, c: number, d: number, x: number, y: number): void {
  v[a]! += v[b]! + x;
  v[d] = rotateRight(v[d]! ^ v[a]!, 16);
  v[c]! += v[d]!;
  v[b] = rotateRight(v[b]! ^ v[c]!, 12);
  v[a]! += v[b]! + y;
  v[d] = rotateRight(v[d]! ^ v[a]!, 8);
  v[c]! += v[d]!;
  v[b] = rotateRight(v[b]! ^ v[c]!, 7);
}

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
