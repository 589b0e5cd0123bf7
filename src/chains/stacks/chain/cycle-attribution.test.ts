import { expect, it } from 'vitest';
import { chainA, chainB } from '../../../../test/support/stacks-vectors.ts';
import { attributeCycle } from './cycle-attribution.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
const parent = { consensusHash: 'aa', cycle: 5 };

it('gives every recorded block the cycle of its tenure', () => {
  for (const { headers } of [chainA, chainB]) {
    for (const [i, it] of headers.slice(1).entries()) {
      const before = headers[i]!;
      expect(attributeCycle({ consensusHash: before.consensus_hash, cycle: before.cycle }, it.consensus_hash, it.burn_height, rules, () => true)).toBe(it.cycle);
    }
  }
});

it('keeps the cycle within a tenure, never falls back, and waits for a proved set', () => {
  expect(attributeCycle(parent, 'aa', undefined, rules, () => false)).toBe(5);
  expect(attributeCycle(parent, 'aa', 65, rules, () => true)).toBe(5);
  expect(attributeCycle(parent, 'bb', 59, rules, () => true)).toBe(5);
  expect(attributeCycle(parent, 'bb', 60, rules, () => true)).toBe(6);
  expect(attributeCycle(parent, 'bb', undefined, rules, () => true)).toBe('unknown');
  expect(attributeCycle(parent, 'bb', 49, rules, () => true)).toBe('back');
  expect(attributeCycle(parent, 'bb', 60, rules, (cycle) => cycle < 6)).toBe('unproved');
});
