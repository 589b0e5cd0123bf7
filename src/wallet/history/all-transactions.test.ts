import { expect, it, vi } from 'vitest';
import { answer } from '../../../test/support/fake-wallet-client.ts';
import { fakeTransaction } from '../../../test/support/question-client.ts';
import type { Client } from '../../client/types.ts';
import { allTransactions } from './all-transactions.ts';

it('asks page by page until there are no more', async () => {
  const pages = ['fed', 'cb', 'a'];
  const list = vi.fn<Client['transactions']['list']>(async () => {
    const hashes = pages.shift() ?? '';
    return answer({ transactions: Array.from(hashes, (hash) => fakeTransaction(hash)), complete: 'agreed' as const, unproven: [], more: pages.length > 0 });
  });
  const counts: number[] = [];
  const all = await allTransactions({ transactions: { list } }, 'NQ07', (count) => counts.push(count));
  expect(all.map(({ hash }) => hash).join('')).toBe('fedcba');
  expect(counts).toEqual([3, 5, 6]);
  expect(list.mock.calls.map(([, options]) => options?.before)).toEqual([undefined, 'd', 'b']);
});
