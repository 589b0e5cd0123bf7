import type { Hash } from '../wire/types.ts';

/** Everything that makes one Albatross network different from another, as data. */
export interface NetworkParameters {
  /** `unit-albatross`, `dev-albatross`, `test-albatross`, `main-albatross`, or a name of one's own. */
  readonly name: string;
  /** The byte in every header: unit 7, dev 6, test 5, main 24. */
  readonly networkId: number;
  /** postcard of the genesis `Block`, as lower-case hex. Its hash is checked against `genesisHash` when the parameters are loaded. */
  readonly genesisBlock: string;
  readonly genesisHash: Hash;
  readonly blocksPerBatch: number;
  readonly batchesPerEpoch: number;
  /** Highest block version understood on this network. Above it the client is too old; the block is not called invalid. */
  readonly maxVersion: number;
  /** Milliseconds between blocks when nothing goes wrong. */
  readonly blockSeparationTime: number;
  /** A skip block's timestamp is its parent's plus this, in milliseconds. */
  readonly minProducerTimeout: number;
  /** How far a header's timestamp may lie ahead of our clock, in milliseconds. */
  readonly timestampMaxDrift: number;
  /** Multiaddresses of the nodes asked first. */
  readonly seeds: readonly string[];
  /** An election block pinned in this release, by its hash. */
  readonly pinnedElection?: { readonly hash: Hash } | undefined;
}
