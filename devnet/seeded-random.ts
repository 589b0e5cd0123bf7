import { createHash, randomBytes } from 'node:crypto';
import type { Random } from '../src/base/random.ts';

/**
 * Repeatable random numbers: the same seed and label give the same stream. Each block of output is SHA-256(seed, label, counter).
 * Good enough for test keys, but for nothing else.
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

/** A seed for a devnet that was started without one: 16 random hex digits, reported in `started` so that a run can be repeated. */
export function freshSeed(): string {
  return randomBytes(8).toString('hex');
}
