import { describe, expect, it } from 'vitest';
import { chainA, inventoriesA } from '../../../../test/support/stacks-vectors.ts';
import { cycleOf, firstHeightOf } from './cycles.ts';
import { tenureStartEnds, wantedTenures, workingCycle, type WantedTenure } from './wanted-tenures.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
const sortitions: readonly WantedTenure[] = chainA.sortitions.map((it) => ({ tenureId: it.consensus_hash, winningBlockId: it.winning_block_id, burnHeight: it.height }));
const bits = new Map(inventoriesA.inventories.map((it) => [it.cycle, it.bits]));
const has = (height: number) => bits.get(cycleOf(height, rules))?.[height - firstHeightOf(cycleOf(height, rules), rules)] === '1';
const wanted = (cycle: number) => wantedTenures(cycle, sortitions, rules);

describe('WantedTenure', () => {
  it('is one a sortition, winner or not: the recorded list', () => {
    for (const { cycle, wanted: recorded } of inventoriesA.wanted) {
      expect(wanted(cycle).slice(0, recorded.length).map((it) => ({ burn_height: it.burnHeight, consensus_hash: it.tenureId, winning_block_id: it.winningBlockId }))).toEqual(recorded);
      expect(wanted(cycle).length - recorded.length).toBeLessThan(2);
    }
  });

  it('names the first block of the parent tenure, not of its own', () => {
    const starts = chainA.headers.filter(({ tenure_change }) => tenure_change.some(({ cause }) => cause === 0));
    const first = new Map(starts.map((it) => [it.consensus_hash, it.block_id]));
    for (const it of starts.slice(1)) expect(sortitions[it.burn_height]!.winningBlockId).toBe(first.get(it.tenure_change.find(({ cause }) => cause === 0)!.prev_tenure));
  });

  it('is worked on in the cycle of the height below the tip', () => {
    expect([workingCycle(50, rules), workingCycle(51, rules)]).toEqual([4, 5]);
  });
});

describe('TenureStartEnd', () => {
  it('is the recorded list in all cycles, with a missing sortition, an empty winner and across boundaries', () => {
    let count = 0;
    for (const { cycle, available } of inventoriesA.wanted) {
      const own = tenureStartEnds(wanted(cycle), wanted(cycle + 1), has, rules);
      expect(own.map((it) => ({
        burn_height: it.burnHeight, tenure_id: it.tenureId, start_block_id: it.startBlockId, start_snapshot: it.startSnapshot, start_reward_cycle: it.startCycle,
        end_block_id: it.endBlockId, end_snapshot: it.endSnapshot, end_reward_cycle: it.endCycle, fetch_end_block: it.fetchesEnd,
      }))).toEqual(available);
      count += available.length;
    }
    expect(count).toBeGreaterThan(20);
  });

  it('needs two later tenures, and nothing of an inventory by default', () => {
    expect(tenureStartEnds(wanted(7), [], (height) => height < 72, rules)).toEqual([]);
    expect(tenureStartEnds(wanted(7), [], (height) => height < 73, rules).map(({ burnHeight }) => burnHeight)).toEqual([70]);
    expect(tenureStartEnds([], wanted(7), has, rules)).toEqual([]);
    expect(tenureStartEnds(wanted(5), wanted(6), () => false, rules)).toEqual([]);
  });
});
