import { describe, expect, it } from 'vitest';
import { proofsA } from '../../../../test/support/stacks-proof-vectors.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { cycleOf, isPrepare } from '../chain/cycles.ts';
import { afterProbe, nextProbe } from './hand-over-search.ts';
import type { HandOverSearch } from './hand-over-search.ts';

const rules = { firstBurnHeight: chainA.first_block_height, cycleLength: chainA.pox.cycle, prepareLength: chainA.pox.prepare };

/** The writing block that the search finds, and how many answers it took. */
function find(first: number, search: HandOverSearch) {
  let probes = 0;
  for (let height = nextProbe(search); height !== undefined; height = nextProbe(search)) {
    search = afterProbe(search, height, height >= first);
    probes += 1;
  }
  return { found: search.having, probes };
}

describe('the search for the block that wrote the next signer set', () => {
  it.each([5, 6, 7])('finds the recorded one of cycle %s: the first block of the prepare phase of the cycle before', (cycle) => {
    const { first_block_with_entry: first, tenure_burn_height } = proofsA.handover.find((it) => it.cycle === cycle)!;
    expect(find(first, { without: 17, having: 124 })).toEqual({ found: first, probes: expect.toSatisfy((probes: number) => probes <= 7) as number });
    expect([cycleOf(tenure_burn_height, rules), isPrepare(tenure_burn_height, rules)]).toEqual([cycle - 1, true]);
    const earlier = chainA.headers.filter(({ height, burn_height }) => height < first && cycleOf(burn_height, rules) === cycle - 1 && isPrepare(burn_height, rules) && burn_height % rules.cycleLength !== 0);
    expect(earlier).toEqual([]);
  });

  it('finds a late write, ends where there is nothing between, and leaves other answers aside', () => {
    for (let first = 1; first <= 50; first += 1) expect(find(first, { without: 0, having: 50 }).found).toBe(first);
    const search = { without: 3, having: 9 };
    for (const height of [0, 3, 9, 12]) expect(afterProbe(search, height, true)).toEqual(search);
    expect(nextProbe({ without: 8, having: 9 })).toBeUndefined();
  });
});
