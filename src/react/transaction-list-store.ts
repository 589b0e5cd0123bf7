import type { Answer, Client, TransactionPage, TransactionView } from '../client/types.ts';
import { addressChanges } from './address-changes.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';
import { NewestAnswer } from './newest-answer.ts';
import { whenAnswersChange } from './when-answers-change.ts';

/** Transactions of an address, newest first. */
export interface TransactionList {
  /** Each is proven; that none is missing is not. `undefined` until the first page is here. */
  readonly transactions: readonly TransactionView[] | undefined;
  /** Of the newest page: whether the lists of two peers had the same. */
  readonly complete: TransactionPage['complete'] | undefined;
  /** How many of the newest page peers named and could not prove. What was proven before is in the list all the same. */
  readonly unproven: number;
  /** Whether older ones may follow. */
  readonly more: boolean;
  /** Whether older ones were asked for and are not here yet. */
  readonly loading: boolean;
  /** Why the last question got no answer. */
  readonly error: unknown;
}

/** A list, and the way to its older part. */
export interface TransactionListStore extends ExternalStore<TransactionList> {
  /** Asks for the next older page, unless that is under way. */
  readonly more: () => void;
}

const nothing: TransactionList = { transactions: undefined, complete: undefined, unproven: 0, more: false, loading: false, error: undefined };

/** The store of an address's transactions: the newest page is asked for again when a batch ends and when one is included, final or reverted. */
export const transactionListStore: (client: Client, address: string) => TransactionListStore = keyedStores((client, address) => {
  let older: () => void = () => undefined;
  const store = externalStore(nothing, (set) => {
    const newest = new NewestAnswer();
    let asking: AbortController | undefined;
    const failed = (error: unknown) => set((before) => ({ ...before, error }));
    const ask = () => newest.ask({ ask: (signal) => client.transactions.list(address, { signal }), done: (page) => set((before) => withNewest(before, page)), failed });
    older = () => {
      const last = store.get().transactions?.at(-1);
      if (asking || !last) return;
      asking = new AbortController();
      const { signal } = asking;
      const settle = (change: (before: TransactionList) => TransactionList) => {
        if (signal.aborted) return;
        asking = undefined;
        set((before) => ({ ...change(before), loading: false }));
      };
      set((before) => ({ ...before, loading: true }));
      client.transactions.list(address, { signal, before: last.hash }).then(
        (page) => settle((before) => withOlder(before, last.hash, page)),
        (error: unknown) => settle((before) => ({ ...before, error })),
      );
    };
    const ends = [whenAnswersChange(client, ask), addressChanges(client, address).subscribe(ask)];
    return () => {
      for (const end of ends) end();
      newest.end();
      asking?.abort();
      asking = undefined;
      older = () => undefined;
      set((before) => ({ ...before, loading: false }));
    };
  });
  return { ...store, more: () => older() };
});

/** The newest page, and behind it what was known to be older. If nothing links the two, the older part is asked for anew. */
function withNewest(before: TransactionList, { value: { transactions: proven, complete, unproven, more } }: Answer<TransactionPage>): TransactionList {
  const named = new Set(unproven);
  const known = (before.transactions ?? []).filter(({ hash }) => named.has(hash));
  const transactions = known.length === 0 ? proven : proven.concat(known).toSorted((a, b) => b.blockHeight - a.blockHeight);
  const last = transactions.at(-1);
  const at = last && more ? (before.transactions ?? []).findIndex(({ hash }) => hash === last.hash) : -1;
  const older = at < 0 ? [] : (before.transactions ?? []).slice(at + 1);
  return { ...before, transactions: transactions.concat(older), complete, unproven: named.size - known.length, more: older.length > 0 ? before.more : more, error: undefined };
}

/** An older page, if it still follows on what is there. */
function withOlder(before: TransactionList, after: string, { value }: Answer<TransactionPage>): TransactionList {
  const { transactions = [] } = before;
  return transactions.at(-1)?.hash === after ? { ...before, transactions: transactions.concat(value.transactions), more: value.more, error: undefined } : before;
}
