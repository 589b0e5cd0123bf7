/**
 * BLAKE2b-256, unkeyed (RFC 7693): block hashes, addresses, trees, the VRF's random numbers (Albatross cryptography reference, 1). The
 * library's version takes three times as long for a short message, and choosing the proposer of a block takes some 300 of them.
 * @module
 */

/** Bytes compressed at once. */
const BLOCK_LENGTH = 128;

/** The fractional parts of the square roots of the first eight primes (RFC 7693, 2.6): 64-bit words, the low half first, as everywhere here. */
// prettier-ignore
const INITIAL_VALUE = Uint32Array.of(
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
);

/** Which message word goes where in each of the ten rounds (RFC 7693, 2.7), 16 per round; the last two rounds start again at the top. */
// prettier-ignore
const SIGMA = Uint8Array.of(
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
);
const ROUNDS = 12;

/** Buffers: the current block, the working vector and the state. They can be shared because nothing here is asynchronous. */
const words = new Uint32Array(BLOCK_LENGTH / 4);
const v = new Uint32Array(32);
const state = new Uint32Array(16);
const lastChunk = new Uint8Array(BLOCK_LENGTH);

/** The 32-byte BLAKE2b digest of `bytes`. */
export function blake2b(bytes: Uint8Array): Uint8Array {
  state.set(INITIAL_VALUE);
  // The parameter block: digest length 32, no key, fanout and depth 1.
  state[0]! ^= 0x01010020;
  // The last block is never empty, except when the whole input is.
  const lastBlock = Math.max(0, Math.ceil(bytes.length / BLOCK_LENGTH) - 1) * BLOCK_LENGTH;
  for (let at = 0; at < lastBlock; at += BLOCK_LENGTH) {
    readWords(bytes, at);
    compress(at + BLOCK_LENGTH, false);
  }
  lastChunk.fill(0);
  lastChunk.set(lastBlock === 0 ? bytes : bytes.subarray(lastBlock));
  readWords(lastChunk, 0);
  compress(bytes.length, true);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = state[i >> 2]! >>> (8 * (i & 3));
  return digest;
}

function readWords(bytes: Uint8Array, start: number): void {
  for (let i = 0, at = start; i < 32; i++, at += 4) words[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The function F of RFC 7693, 3.2, on `state` and `words`. `counter`: bytes hashed so far, including this block. */
function compress(counter: number, isLast: boolean): void {
  v.set(state);
  v.set(INITIAL_VALUE, 16);
  v[24]! ^= counter;
  v[25]! ^= Math.floor(counter / 2 ** 32);
  if (isLast) {
    v[28] = ~v[28]!;
    v[29] = ~v[29]!;
  }
  for (let round = 0; round < ROUNDS; round++) {
    const at = (round % 10) * 16;
    mix(0, 8, 16, 24, at);
    mix(2, 10, 18, 26, at + 2);
    mix(4, 12, 20, 28, at + 4);
    mix(6, 14, 22, 30, at + 6);
    mix(0, 10, 20, 30, at + 8);
    mix(2, 12, 22, 24, at + 10);
    mix(4, 14, 16, 26, at + 12);
    mix(6, 8, 18, 28, at + 14);
  }
  for (let i = 0; i < 16; i++) state[i]! ^= v[i]! ^ v[i + 16]!;
}

/** The function G of RFC 7693, 3.1. `a` to `d`: positions of the four words in `v`; `at`: position in `SIGMA` of its two message words. */
function mix(a: number, b: number, c: number, d: number, at: number): void {
  const x = 2 * SIGMA[at]!;
  const y = 2 * SIGMA[at + 1]!;
  let bLow = v[b]!;
  let bHigh = v[b + 1]!;
  let low = v[a]! + bLow + words[x]!;
  let aHigh = (v[a + 1]! + bHigh + words[x + 1]! + Math.floor(low / 2 ** 32)) >>> 0;
  let aLow = low >>> 0;
  let dLow = v[d + 1]! ^ aHigh;
  let dHigh = v[d]! ^ aLow;
  low = v[c]! + (dLow >>> 0);
  let cHigh = (v[c + 1]! + (dHigh >>> 0) + Math.floor(low / 2 ** 32)) >>> 0;
  let cLow = low >>> 0;
  let p = bLow ^ cLow;
  let q = bHigh ^ cHigh;
  bLow = ((p >>> 24) | (q << 8)) >>> 0;
  bHigh = ((q >>> 24) | (p << 8)) >>> 0;
  low = aLow + bLow + words[y]!;
  aHigh = (aHigh + bHigh + words[y + 1]! + Math.floor(low / 2 ** 32)) >>> 0;
  aLow = low >>> 0;
  p = dLow ^ aLow;
  q = dHigh ^ aHigh;
  dLow = ((p >>> 16) | (q << 16)) >>> 0;
  dHigh = ((q >>> 16) | (p << 16)) >>> 0;
  low = cLow + dLow;
  cHigh = (cHigh + dHigh + Math.floor(low / 2 ** 32)) >>> 0;
  cLow = low >>> 0;
  p = bLow ^ cLow;
  q = bHigh ^ cHigh;
  v[a] = aLow;
  v[a + 1] = aHigh;
  v[b] = (q >>> 31) | (p << 1);
  v[b + 1] = (p >>> 31) | (q << 1);
  v[c] = cLow;
  v[c + 1] = cHigh;
  v[d] = dLow;
  v[d + 1] = dHigh;
}
