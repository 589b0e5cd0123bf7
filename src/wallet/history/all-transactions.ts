import type { Client, TransactionView } from '../../client/types.ts';

/** Transactions of one question. */
const PAGE = 100;

/** Transactions that are asked for at most; a history that is longer than this is cut there. */
const MAX = 20_000;

/** All transactions of an address, newest first, each proven. `onCount` is told how many there are so far. Rejects if a page cannot be proven. */
export async function allTransactions(client: { readonly transactions: Pick<Client['transactions'], 'list'> }, address: string, onCount: (count: number) => void): Promise<readonly TransactionView[]> {
  const all: TransactionView[] = [];
  for (let more = true; more && all.length < MAX; ) {
    const { value } = await client.transactions.list(address, { limit: PAGE, before: all.at(-1)?.hash });
    all.push(...value.transactions);
    more = value.more && value.transactions.length > 0;
    onCount(all.length);
  }
  return all;
}
