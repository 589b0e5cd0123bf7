import type { Random } from '../src/base/random.ts';
import { finish } from '../src/crypto/finish.ts';
import { fromLittleEndian } from '../src/crypto/little-endian.ts';
import { R as GROUP_ORDER } from '../src/crypto/mnt6/constants.ts';
import { encodeG1 } from '../src/crypto/mnt6/encoding.ts';
import type { Fq3 } from '../src/crypto/mnt6/fq3.ts';
import { g1 as curve1, g1Generator, type G1Affine } from '../src/crypto/mnt6/g1.ts';
import type { Affine } from '../src/crypto/mnt6/jacobian.ts';
import { bigintMnt6 } from '../src/crypto/mnt6/mnt6.ts';
import { encodeVerifyingKey } from '../src/crypto/verifying-key.ts';
import { publicInputs, type ZkStatement } from '../src/crypto/zk-public-inputs.ts';

const { g2: curve2, encoding } = bigintMnt6;

/**
 * The secrets of a Groth16 set-up. A real set-up destroys them, because they allow a proof of any statement, true or false. Scalars
 * are below the group order.
 */
export interface Trapdoor {
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  readonly delta: bigint;
  readonly g1: G1Affine;
  readonly g2: Affine<Fq3>;
  /** Six: one for the constant and five for the public inputs; not divided by gamma. */
  readonly inputs: readonly bigint[];
}

/** Makes a new set-up. The same random bytes give the same set-up. */
export function makeTrapdoor(random: Random): Trapdoor {
  const scalar = (): bigint => randomScalar(random);
  return { alpha: scalar(), beta: scalar(), gamma: scalar(), delta: scalar(), g1: g1Generator, g2: curve2.generator, inputs: Array.from({ length: 6 }, scalar) };
}

/** The verifying key (3048 bytes) for proofs of this set-up. */
export function verifyingKeyOf({ alpha, beta, gamma, delta, g1, g2, inputs }: Trapdoor): Uint8Array {
  const inverse = invert(gamma);
  return encodeVerifyingKey({
    alpha: timesG1(g1, alpha),
    beta: timesG2(g2, beta),
    gamma: timesG2(g2, gamma),
    delta: timesG2(g2, delta),
    inputs: inputs.map((input) => timesG1(g1, (input * inverse) % GROUP_ORDER)),
  });
}

/**
 * A proof (475 bytes) that satisfies the same equation as an honest proof: A and B are random, and C is computed to fit them. Takes
 * some 0.1 s. Albatross cryptography reference, 8.
 */
export function simulateProof({ alpha, beta, delta, g1, g2, inputs }: Trapdoor, statement: ZkStatement, random: Random): Uint8Array {
  const values = publicInputs(statement);
  if (!values) throw new Error('not a statement');
  const a = randomScalar(random);
  const b = randomScalar(random);
  const sum = values.reduce((total, value, i) => total + value * inputs[i + 1]!, inputs[0]!);
  const c = modulo((a * b - alpha * beta - sum) * invert(delta));
  return proofOf(timesG1(g1, a), timesG2(g2, b), timesG1(g1, c));
}

/** 475 bytes of valid points in their groups, which prove nothing. */
export function forgeProof(random: Random): Uint8Array {
  return proofOf(timesG1(g1Generator, randomScalar(random)), timesG2(curve2.generator, randomScalar(random)), timesG1(g1Generator, randomScalar(random)));
}

function proofOf(a: G1Affine, b: Affine<Fq3>, c: G1Affine): Uint8Array {
  return Uint8Array.of(...encodeG1(a), ...encoding.encode(b), ...encodeG1(c));
}

/** 94 bytes, so it is always below the order, which has 753 bits. Never zero. */
function randomScalar(random: Random): bigint {
  return fromLittleEndian(random.bytes(94)) + 1n;
}

function modulo(value: bigint): bigint {
  const rest = value % GROUP_ORDER;
  return rest < 0n ? rest + GROUP_ORDER : rest;
}

/** Inverse by Fermat's little theorem; the order is prime. */
function invert(value: bigint): bigint {
  let result = 1n;
  for (const bit of (GROUP_ORDER - 2n).toString(2)) {
    result = (result * result) % GROUP_ORDER;
    if (bit === '1') result = (result * value) % GROUP_ORDER;
  }
  return result;
}

function timesG1(point: G1Affine, scalar: bigint): G1Affine {
  const multiple = curve1.toAffine(finish(curve1.multiplySteps(point, scalar)));
  if (multiple === 'infinity') throw new Error('infinity has no place in a key or a proof');
  return multiple;
}

function timesG2(point: Affine<Fq3>, scalar: bigint): Affine<Fq3> {
  const multiple = curve2.toAffine(finish(curve2.multiplySteps(point, scalar)));
  if (multiple === 'infinity') throw new Error('infinity has no place in a key or a proof');
  return multiple;
}
