/**
 * Voting keys as points: decoded and checked once, then remembered.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from '../base/bounded-cache.ts';
import type { DecodedKey, WeightedKey } from './jobs.ts';
import type { Fq3Store } from './mnt6/fq3-backend.ts';
import type { Affine } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';

/** A finite point of G2. */
export interface VotingKey<E> {
  /** x and y; outlives the job. */
  readonly point: Fq3Store<E>;
  /** The compressed bytes in hex. */
  readonly name: string;
  /** Undefined if the key came already decoded. */
  readonly decoded: DecodedKey | undefined;
}

/** Enough for two epochs of validators with 512 each; an entry takes some 2 kB. */
const CACHE_CAPACITY = 1024;

export interface VotingKeys<E> {
  /**
   * The point of a voting key, or undefined if it is not a point of G2, or is infinity. A matching `decoded` saves the decoding and the
   * subgroup check; the caller must have checked that key before. A `decoded` that does not match is ignored.
   */
  decodeSteps(key: Omit<WeightedKey, 'weight'>): Generator<void, VotingKey<E> | undefined>;
  /** Whether the key was decoded here and is cached. */
  has(compressed: Uint8Array): boolean;
}

export function votingKeysOf<E>(curve: Mnt6<E>): VotingKeys<E> {
  /** By name; only keys that were decoded and checked here. */
  const checked = new BoundedCache<VotingKey<E>>(CACHE_CAPACITY);
  return {
    *decodeSteps({ compressed, decoded }) {
      const name = bytesToHex(compressed);
      const known = checked.get(name);
      if (known) return known;
      const mark = curve.field.mark();
      const imported = decoded && curve.encoding.import(decoded, compressed);
      const point = imported ?? (yield* curve.encoding.decodeSteps(compressed));
      if (!point || point === 'infinity') return undefined;
      const key = {
        point: storePoint(curve, point),
        name,
        decoded: imported ? undefined : { compressed: compressed.slice(), point: curve.encoding.export(point) },
      };
      if (!imported) checked.set(name, key);
      curve.field.release(mark, []);
      return key;
    },
    has: (compressed) => checked.has(bytesToHex(compressed)),
  };
}

/** Whether the caller's decoded point `given` was missing or wrong, so that the decoded key is new to it. */
export function isNews<E>(key: VotingKey<E>, given: Uint8Array | undefined): key is VotingKey<E> & { readonly decoded: DecodedKey } {
  const point = key.decoded?.point;
  return point !== undefined && (point.length !== given?.length || point.some((byte, i) => byte !== given[i]));
}

/** The point of a key, for use within the running job. */
export function pointOf<E>({ point }: VotingKey<E>): Affine<E> {
  return { x: point.get(0), y: point.get(1) };
}

/** A point that outlives the job. */
export function storePoint<E>(curve: Mnt6<E>, { x, y }: Affine<E>): Fq3Store<E> {
  const stored = curve.field.createStore(2);
  stored.push(x);
  stored.push(y);
  return stored;
}
