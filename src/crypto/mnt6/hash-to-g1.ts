/**
 * The hash from a message's digest to a point of G1 (Albatross cryptography reference, 1.1 and 6). Not constant-time, and not meant for
 * secret messages.
 * @module
 */
import { blake2sWithParameters } from '../blake2s.ts';
import { fromLittleEndian } from '../little-endian.ts';
import { P } from './constants.ts';
import { isNegativeFq } from './encoding.ts';
import { isSquareFq, sqrtFqManySteps } from './fq.ts';
import { g1, g1RightSide } from './g1.ts';
import type { G1Affine } from './g1.ts';

/** Bytes of x; one less than a field element has, so that x is always below p. */
const X_LENGTH = 94;

/** The point for a 32-byte digest: x counts up from a hash until there is a y for it. Two tries on average. */
export function* hashToG1Steps(sigHash: Uint8Array): Generator<void, G1Affine> {
  return (yield* hashToG1ManySteps([sigHash]))[0]!;
}

/** The points for several digests; `roots` computes the square roots. */
export function* hashToG1ManySteps(sigHashes: readonly Uint8Array[], roots = sqrtFqManySteps): Generator<void, G1Affine[]> {
  const hashed: { x: bigint; wantNegative: boolean }[] = [];
  for (const sigHash of sigHashes) {
    const bytes = expand(sigHash);
    let x = fromLittleEndian(bytes.subarray(0, X_LENGTH));
    while (!isSquareFq(g1RightSide(x))) x = (x + 1n) % P;
    hashed.push({ x, wantNegative: bytes[95]! >> 7 === 1 });
    yield;
  }
  const ys = yield* roots(hashed.map(({ x }) => g1RightSide(x)));
  return hashed.map(({ x, wantNegative }, i) => {
    const y = ys[i]!;
    return isNegativeFq(y) === wantNegative ? { x, y } : g1.negate({ x, y });
  });
}

/**
 * Expands to 96 bytes: BLAKE2s three times, each directly over the digest, with the parameter block of BLAKE2X (digest length 32; fanout
 * and depth 0; leaf length 32; node offset; length 0xffff of the whole output; inner length 32).
 */
export function expand(sigHash: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(96);
  for (let i = 0; i < 3; i++) bytes.set(blake2sWithParameters([0x20, 32, i, 0x2000ffff, 0, 0, 0, 0], sigHash), 32 * i);
  return bytes;
}
