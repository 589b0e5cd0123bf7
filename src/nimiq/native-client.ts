import type { CallOptions, Client, TransactionsApi, TransactionView } from '../client/types.ts';

/** Where a transaction is, as a peer says: nothing of it is proven. */
export interface NativeReceipt {
  /** 64 hex digits. */
  readonly hash: string;
  readonly height: number;
}

interface ReceiptsApi {
  /** Receipts of an address, newest first, from after `before`. */
  receipts?(address: string, options?: CallOptions & { readonly before?: string | undefined; readonly limit?: number | undefined }): Promise<readonly NativeReceipt[]>;
}

/** Our client, as far as this room uses it. What may be missing is `unsupported` then. */
export interface NativeClient extends Client {
  readonly transactions: TransactionsApi & ReceiptsApi;
  /** Calls the listener for every transaction of the addresses that comes into a block. The returned function ends that. */
  watch?(addresses: readonly string[], listener: (transaction: TransactionView) => void): () => void;
  /** This tab needs no network until `resume`. */
  pause?(): Promise<void>;
  resume?(): Promise<void>;
}
