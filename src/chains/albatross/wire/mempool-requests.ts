/**
 * Requests for what waits in a node's mempool. Nodes of 2.x with a mempool answer them. Albatross network reference, 3.3 and 3.4.
 * @module
 */
import type { Exchange } from './exchange.ts';
import { transaction } from './transactions.ts';
import type { Transaction } from './types.ts';
import { hash32, names, struct, vec } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';

/** Hashes in an answer of 10 MiB. */
const MAX_HASHES = 327_679;
/** Transactions in an answer of 10 MiB, at 67 bytes or more each. */
const MAX_TRANSACTIONS = 156_503;

export interface MempoolHashesRequest {
  /** `control`: with the signaling flag. */
  readonly transactionType: 'control' | 'regular';
}
/** An answer to that request, and the request for the transactions themselves. */
export interface MempoolHashes {
  readonly hashes: readonly Hash[];
}
export interface MempoolTransactions {
  readonly transactions: readonly Transaction[];
}

interface MempoolExchanges {
  readonly 'mempool-hashes': Exchange<MempoolHashesRequest, MempoolHashes>;
  readonly 'mempool-transactions': Exchange<MempoolHashes, MempoolTransactions>;
}

const hashes = struct<MempoolHashes>({ hashes: vec(hash32, MAX_HASHES) });

export const mempoolRequests: MempoolExchanges = {
  'mempool-hashes': { typeId: 219, perWindow: 1000, request: struct<MempoolHashesRequest>({ transactionType: names(['control', 'regular']) }), response: hashes },
  'mempool-transactions': { typeId: 220, perWindow: 1000, request: hashes, response: struct<MempoolTransactions>({ transactions: vec(transaction, MAX_TRANSACTIONS) }) },
};
