/**
 * MNT6-753 over a back end: the parts that BLS and the proof system need in addition to G1, which always uses BigInt.
 * @module
 */
import type { Fq3Backend } from './fq3-backend.ts';
import { fq3 } from './fq3.ts';
import type { Fq3 } from './fq3.ts';
import { g2EncodingOver } from './g2-encoding.ts';
import type { G2Encoding } from './g2-encoding.ts';
import { g2Over } from './g2.ts';
import type { G2Group } from './g2.ts';
import { pairingOver } from './pairing.ts';
import type { Pairing } from './pairing.ts';

export interface Mnt6<E> {
  readonly field: Fq3Backend<E>;
  readonly g2: G2Group<E>;
  readonly encoding: G2Encoding<E>;
  readonly pairing: Pairing<E>;
}

export function mnt6<E>(field: Fq3Backend<E>): Mnt6<E> {
  const g2 = g2Over(field);
  return { field, g2, encoding: g2EncodingOver(field, g2), pairing: pairingOver(field, g2) };
}

/** On BigInt: the reference, which runs everywhere and whose computations may interleave. */
export const bigintMnt6: Mnt6<Fq3> = mnt6(fq3);
