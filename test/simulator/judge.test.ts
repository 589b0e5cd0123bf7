import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/chains/albatross/chain/rules/stages.ts';
import { runWorld } from './world.ts';

describe('the judge', () => {
  it('notices that a client without the signature rules adopts unsigned blocks', async () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= 8; seed += 1) failures.push(...(await runWorld(seed, undefined, { ...allRules, proposer: [], justification: [] })).failures);
    expect(failures.filter((failure) => failure.startsWith('adopted unsigned'))).not.toEqual([]);
    expect(failures.filter((failure) => failure.startsWith('adopted justification'))).not.toEqual([]);
  });
});
