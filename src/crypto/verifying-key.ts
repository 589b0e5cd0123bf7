/**
 * The verifying key of the chain's Groth16 proofs over MNT6-753, as the file `merger_wrapper.bin` has it (Albatross cryptography
 * reference, 7.1): 3048 bytes, uncompressed points: alpha (190), beta, gamma and delta (570 each), the count 6 (8 bytes, least
 * significant first), six points of 190 bytes for the five public inputs and the constant.
 * @module
 */
import type { Fq3 } from './mnt6/fq3.ts';
import type { G1Affine } from './mnt6/g1.ts';
import type { Affine } from './mnt6/jacobian.ts';
import {
  decodeUncompressedG1,
  decodeUncompressedG2,
  encodeUncompressedG1,
  encodeUncompressedG2,
  G1_UNCOMPRESSED_LENGTH,
  G2_UNCOMPRESSED_LENGTH,
} from './mnt6/uncompressed.ts';

/** On the BigInt back end; another back end converts the coefficients. */
export interface VerifyingKey {
  readonly alpha: G1Affine;
  readonly beta: Affine<Fq3>;
  readonly gamma: Affine<Fq3>;
  readonly delta: Affine<Fq3>;
  /** Six: first the constant's point, then one for each public input. */
  readonly inputs: readonly G1Affine[];
}

const INPUT_POINTS = 6;
const COUNT_LENGTH = 8;
const COUNT_OFFSET = G1_UNCOMPRESSED_LENGTH + 3 * G2_UNCOMPRESSED_LENGTH;

/** 3048 bytes. */
export const VERIFYING_KEY_LENGTH = COUNT_OFFSET + COUNT_LENGTH + INPUT_POINTS * G1_UNCOMPRESSED_LENGTH;

/**
 * The key, or undefined if the bytes are invalid. Checks that all points are on their curves and that none is infinity. It does not check
 * whether those of the twist are in the subgroup, like the official client: if an attacker could choose the key, the attacker could also
 * choose what it accepts.
 */
export function decodeVerifyingKey(bytes: Uint8Array): VerifyingKey | undefined {
  if (bytes.length !== VERIFYING_KEY_LENGTH) return undefined;
  const count = bytes.subarray(COUNT_OFFSET, COUNT_OFFSET + COUNT_LENGTH);
  if (count.some((byte, i) => byte !== (i === 0 ? INPUT_POINTS : 0))) return undefined;
  const alpha = decodeUncompressedG1(bytes.subarray(0, G1_UNCOMPRESSED_LENGTH));
  const [beta, gamma, delta] = pieces(bytes.subarray(G1_UNCOMPRESSED_LENGTH, COUNT_OFFSET), G2_UNCOMPRESSED_LENGTH).map(decodeUncompressedG2);
  const inputs = pieces(bytes.subarray(COUNT_OFFSET + COUNT_LENGTH), G1_UNCOMPRESSED_LENGTH).flatMap((piece) => decodeUncompressedG1(piece) ?? []);
  return alpha && beta && gamma && delta && inputs.length === INPUT_POINTS ? { alpha, beta, gamma, delta, inputs } : undefined;
}

/** 3048 bytes. */
export function encodeVerifyingKey({ alpha, beta, gamma, delta, inputs }: VerifyingKey): Uint8Array {
  const bytes = new Uint8Array(VERIFYING_KEY_LENGTH);
  bytes.set(encodeUncompressedG1(alpha));
  for (const [i, point] of [beta, gamma, delta].entries()) bytes.set(encodeUncompressedG2(point), G1_UNCOMPRESSED_LENGTH + i * G2_UNCOMPRESSED_LENGTH);
  bytes[COUNT_OFFSET] = INPUT_POINTS;
  for (const [i, point] of inputs.entries()) bytes.set(encodeUncompressedG1(point), COUNT_OFFSET + COUNT_LENGTH + i * G1_UNCOMPRESSED_LENGTH);
  return bytes;
}

function pieces(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: bytes.length / length }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}
