/** The numbers of a network that decide when a transaction may be included. */
export interface ValidityNumbers {
  readonly blocksPerBatch: number;
  /** Blocks; `TRANSACTION_VALIDITY_WINDOW_BLOCKS` of the protocol's policy. */
  readonly validityWindowBlocks: number;
}

/** On main, test and dev: 60 blocks a batch, and 120 batches. Albatross proofs reference, 4.5. */
export const standardValidity: ValidityNumbers = { blocksPerBatch: 60, validityWindowBlocks: 7200 };

/**
 * Whether a transaction may be included in the block at `height`: from a batch before its validity start on, and up to, but without, the
 * end of the window after it (Albatross proofs reference, 4.5).
 */
export function isValidAt(validityStartHeight: number, height: number, { blocksPerBatch, validityWindowBlocks }: ValidityNumbers = standardValidity): boolean {
  return height >= Math.max(0, validityStartHeight - blocksPerBatch) && height < validityStartHeight + validityWindowBlocks;
}
