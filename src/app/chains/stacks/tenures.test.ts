import { expect, it } from 'vitest';
import type { StacksHead } from '../../../client/types.ts';
import type { DrawnBlock } from '../../recent-blocks.ts';
import { tenuresOf, tenureStarts } from './tenures.ts';

const weight = (signed: number) => ({ signed, total: 100, threshold: 70 });
const block = (height: number, own: Partial<StacksHead> | undefined): DrawnBlock => ({
  height, hash: undefined, type: 'micro',
  details: own && ({ chain: 'stacks', grade: 'signed', tenure: 'a', cycle: 5, burnHeight: undefined, weight: undefined, signatures: 0, ...own } as StacksHead),
});

it('blocks are grouped by tenure, newest first, with the least weight and what is confirmed', () => {
  const row = [block(1, undefined), block(2, { tenure: 'a', weight: weight(90) }), block(3, { tenure: 'a' }), block(4, { tenure: 'b', cycle: 6, burnHeight: 60, weight: weight(80) }), block(5, { tenure: 'b', weight: weight(71) }), block(6, { tenure: 'c' })];
  const tenures = tenuresOf(row, 4);
  expect(tenures).toEqual([
    { tenure: 'c', cycle: 5, burnHeight: undefined, from: 6, to: 6, standing: 'signed', least: undefined },
    { tenure: 'b', cycle: 6, burnHeight: 60, from: 4, to: 5, standing: 'mixed', least: weight(71) },
    { tenure: 'a', cycle: 5, burnHeight: undefined, from: 2, to: 3, standing: 'confirmed', least: weight(90) },
  ]);
  // Of the oldest one nobody knows whether it begins there.
  expect(tenureStarts(tenures)).toEqual(new Set([6, 4]));
  expect(tenuresOf([block(1, undefined)], 1)).toEqual([]);
});

it('a share is compared, not the bare weight: sets have different totals', () => {
  const small = { signed: 8, total: 10, threshold: 7 };
  expect(tenuresOf([block(1, { weight: small }), block(2, { weight: weight(79) })], 0)[0]?.least).toEqual(weight(79));
});
