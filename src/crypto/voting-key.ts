/**
 * Voting keys as points: decoded and checked once, then remembered.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from './bounded-cache.ts';
import type { DecodedKey, WeightedKey } from './jobs.ts';
import { decodeG2Steps, exportG2, importG2 } from './mnt6/encoding.ts';
import type { G2Affine } from './mnt6/g2.ts';

/** A finite point of G2. */
export interface VotingKey {
  readonly point: G2Affine;
  /** Undefined if the key was taken as it came decoded. */
  readonly decoded: DecodedKey | undefined;
}

/** Two epochs of validators fit, were there 512 in each; an entry takes some 2 kB. */
const CACHE_CAPACITY = 1024;

/** By the compressed bytes in hex; only keys that were decoded and checked here. */
const checked = new BoundedCache<VotingKey>(CACHE_CAPACITY);

/**
 * The point of a voting key, or undefined if it is no point of G2, or infinity. A `decoded` that belongs to the compressed key spares
 * the decoding and the subgroup check: whoever gives it says that the key was checked before. One that does not belong is ignored.
 */
export function* votingKeySteps({ compressed, decoded }: Omit<WeightedKey, 'weight'>): Generator<void, VotingKey | undefined> {
  const name = bytesToHex(compressed);
  const known = checked.get(name);
  if (known) return known;
  const imported = decoded && importG2(decoded, compressed);
  if (imported) return { point: imported, decoded: undefined };
  const point = yield* decodeG2Steps(compressed);
  if (!point || point === 'infinity') return undefined;
  const key = { point, decoded: { compressed: compressed.slice(), point: exportG2(point) } };
  checked.set(name, key);
  return key;
}
