import { expect, it } from 'vitest';
import { FakeHistory } from '../../../test/support/fake-sync-chain.ts';
import { rangeFault } from './check-items.ts';

it('rangeFault takes a run from the asked height on, as long as asked or shorter, and nothing else', () => {
  const { blocks } = new FakeHistory(1, 20);
  const fault = { code: 'wrong-range', weight: 'offence', data: { from: 5, count: 4 } };
  for (const run of [blocks.slice(5, 6), blocks.slice(5, 9)]) expect(rangeFault(run, 5, 4)).toBeUndefined();
  for (const run of [[], blocks.slice(5, 10), blocks.slice(6, 8), blocks.slice(4, 8), [blocks[5]!, blocks[7]!], [blocks[6]!, blocks[5]!]]) expect(rangeFault(run, 5, 4)).toEqual(fault);
});
