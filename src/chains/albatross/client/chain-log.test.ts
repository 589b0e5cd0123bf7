import { expect, it } from 'vitest';
import type { ChainChange } from '../chain/chain-change.ts';
import { chainEntry } from './chain-log.ts';

const block = (height: number) => ({ height }) as ChainChange['adopted'][number];

it('logs forks and two blocks by one producer, and nothing else', () => {
  const none = { adopted: [], reverted: [] };
  expect(chainEntry({ kind: 'rebranched', reverted: [block(7), block(8)], adopted: [block(7), block(8), block(9)] })).toEqual({
    level: 'info', code: 'rebranched', data: { height: 7, reverted: 2, adopted: 3 },
  });
  expect(chainEntry({ ...none, kind: 'stored', stored: block(7), equivocation: true })).toEqual({ level: 'warning', code: 'equivocation', data: { height: 7 } });
  expect(chainEntry({ ...none, kind: 'stored', stored: block(7) })).toBeUndefined();
  expect(chainEntry({ ...none, kind: 'extended', adopted: [block(7)] })).toBeUndefined();
  expect(chainEntry({ ...none, kind: 'finalized', adopted: [block(7)] })).toBeUndefined();
});
