/**
 * The entry `petrel/react`: a client and its state as React hooks.
 * @module
 */

export { useClient, type ClientState } from '../react/use-client.ts';
export { useHead, useLog, useNotices, usePeers, useStatus, useTrust } from '../react/hooks.ts';
export { useAccount, useStaker, useTransaction, useTransactions } from '../react/wallet-hooks.ts';
export type { KnownAnswer } from '../react/answer-stores.ts';
export type { TransactionKnown } from '../react/transaction-store.ts';
export type { TransactionList } from '../react/transaction-list-store.ts';
