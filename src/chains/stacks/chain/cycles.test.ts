import { describe, expect, it } from 'vitest';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { askedHeightOf, cycleOf, firstHeightOf, isPrepare, positionOf } from './cycles.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };

describe('reward cycles', () => {
  it('are those of the recorded chain', () => {
    for (const { burn_height, cycle } of chainA.headers) expect(cycleOf(burn_height, rules)).toBe(cycle);
  });

  it('begin at the height divisible by their length, counted from the first burn height', () => {
    const mainnet = { firstBurnHeight: 666_050, cycleLength: 2100, prepareLength: 100 };
    expect(cycleOf(666_050, mainnet)).toBe(0);
    expect(cycleOf(666_049, mainnet)).toBe(-1);
    expect(cycleOf(666_050 + 2100, mainnet)).toBe(1);
    expect(firstHeightOf(2, mainnet)).toBe(670_250);
    expect(askedHeightOf(2, mainnet)).toBe(670_251);
    expect(positionOf(666_049, mainnet)).toBe(2099);
    expect(positionOf(666_051, mainnet)).toBe(1);
  });

  it('fix the next set in the heights above length - prepare length, and at 0', () => {
    expect([47, 48, 49, 50, 51].map((height) => isPrepare(height, rules))).toEqual([false, true, true, true, false]);
  });
});
