import { describe, expect, it } from 'vitest';
import { runWorld } from './world.ts';

describe('simulated worlds, seeds 1 to 100', () => {
  // Ten seeds per test keep the report short; a failure names its seed. `npm run simulate -- --seed s` shows everything.
  it.each(Array.from({ length: 10 }, (_, index) => 1 + 10 * index))('ten seeds from %i: safe, and live in the end', async (from) => {
    for (let seed = from; seed < from + 10; seed += 1) {
      const { verdict, failures, cast } = await runWorld(seed);
      expect({ seed, cast, failures, failed: verdict === 'failed' }).toEqual({ seed, cast, failures: [], failed: false });
    }
  });
});
