import { createHash, randomBytes } from 'node:crypto';
import type { Random } from '../src/base/random.ts';

/**
 * Chance that repeats: the same seed and label give the same stream. Blocks are SHA-256(seed, label, counter); good enough for
 * test keys, and for nothing else.
 */
export function seededRandom(seed: string, label: string): Random {
  let counter = 0;
  const block = (): Buffer => createHash('sha256').update(`${seed.length}:${seed}/${label}/${counter++}`).digest();
  return {
    next: () => block().readUIntBE(0, 6) / 2 ** 48,
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let offset = 0; offset < length; offset += 32) out.set(block().subarray(0, Math.min(32, length - offset)), offset);
      return out;
    },
  };
}

/** The seed of a devnet that was given none: 16 random hex digits, printed in `started` so that a run can be repeated. */
export function freshSeed(): string {
  return randomBytes(8).toString('hex');
}
