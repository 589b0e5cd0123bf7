/** The block that executes a transaction. */
export interface ExecutionContext {
  readonly height: number;
  /** Unix milliseconds. */
  readonly time: number;
  /** The first election height above `height`. */
  readonly nextElection: number;
  readonly blocksPerEpoch: number;
}
