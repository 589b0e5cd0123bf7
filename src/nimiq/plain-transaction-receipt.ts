/** Where a transaction is, as a peer says: nothing of it is proven. */
export interface PlainTransactionReceipt {
  transactionHash: string;
  blockHeight: number;
}
