/**
 * Accounts and transactions as React hooks; each component is rendered again when its part changes. Addresses are texts as people read them
 * (`NQ07 …`); hashes are 64 hex digits. One question and one subscription for a client and an address, however many components use it.
 * @unstable Until version 1.0 anything here may change.
 * @module
 */

import type { AccountView, Client, StakerView } from '../client/types.ts';
import { accountStore, type KnownAnswer, stakerStore } from './answer-stores.ts';
import { type TransactionList, transactionListStore } from './transaction-list-store.ts';
import { type TransactionKnown, transactionStore } from './transaction-store.ts';
import { useStore } from './use-store.ts';

/** The account under an address: as of the newest block, and as of a final one. Both are `undefined` until the client follows the head and a peer has proven them. */
export function useAccount(client: Client, address: string): KnownAnswer<AccountView> {
  return useStore(accountStore(client, address));
}

/** The stake under an address, in the same way; `value` is `undefined` where it is proven that there is none. */
export function useStaker(client: Client, address: string): KnownAnswer<StakerView | undefined> {
  return useStore(stakerStore(client, address));
}

/** A transaction by its hash, followed until it is final. */
export function useTransaction(client: Client, hash: string): TransactionKnown {
  return useStore(transactionStore(client, hash));
}

/** The newest transactions of an address, and with `loadMore` older ones. */
export function useTransactions(client: Client, address: string): TransactionList & { readonly loadMore: () => void } {
  const store = transactionListStore(client, address);
  return { ...useStore(store), loadMore: store.more };
}
