import { describe, expect, it } from 'vitest';
import { runWorld } from './world.ts';

describe('replay', () => {
  // In seed 85 the client believes a conspiracy for a while, and a trial undoes it. The other seeds are arbitrary.
  it.each([2, 12, 85])('two runs of seed %i give the same trace, line by line', async (seed) => {
    const first: string[] = [];
    const second: string[] = [];
    const one = await runWorld(seed, (line) => first.push(line));
    const two = await runWorld(seed, (line) => second.push(line));
    expect(second).toEqual(first);
    expect(two).toEqual(one);
    expect(first.length).toBeGreaterThan(50);
  });

  it('another seed gives another trace', async () => {
    expect((await runWorld(2)).trace).not.toBe((await runWorld(3)).trace);
  });
});
