import type { Hash } from '../../../base/hash.ts';

/** The differences between Albatross networks, as data. */
export interface NetworkParameters {
  /** The chain's name in the registry; may be left out. */
  readonly chain?: 'albatross' | undefined;
  /** `unit-albatross`, `dev-albatross`, `test-albatross`, `main-albatross`, or a custom name. */
  readonly name: string;
  /** The byte in every header: unit 7, dev 6, test 5, main 24. */
  readonly networkId: number;
  /** postcard of the genesis `Block`, as lower-case hex. Its hash is checked against `genesisHash` when the parameters are loaded. */
  readonly genesisBlock: string;
  readonly genesisHash: Hash;
  readonly blocksPerBatch: number;
  readonly batchesPerEpoch: number;
  /** Highest block version understood on this network. If a block is above it, the client is too old; the block does not count as invalid. */
  readonly maxVersion: number;
  /** Milliseconds between blocks in normal operation. */
  readonly blockSeparationTime: number;
  /** A skip block's timestamp is its parent's plus this, in milliseconds. */
  readonly minProducerTimeout: number;
  /** How far a header's timestamp may lie ahead of our clock, in milliseconds. */
  readonly timestampMaxDrift: number;
  /** The nodes that are dialled first. */
  readonly seeds: readonly Seed[];
  /** An election block pinned in this release, by its hash. */
  readonly pinnedElection?: { readonly hash: Hash } | undefined;
  /** The parameters to verify the network's zero-knowledge proofs with; without them no proof is asked for. */
  readonly zkp?: ZkpParameters | undefined;
  /** Validator keys or the trapdoor of the proofs are public, so anybody can make blocks: pages show that. It has no other effect. */
  readonly development?: boolean | undefined;
}

/**
 * A multiaddress, alone or with the operator of the node there. When peers' statements are counted, seeds with different operators count as
 * different networks, even if only a host name is known of each; the author of the network file is responsible for that.
 */
export type Seed = string | { readonly address: string; readonly operator: string };

export function seedAddress(seed: Seed): string {
  return typeof seed === 'string' ? seed : seed.address;
}

export interface ZkpParameters {
  /** 3048 bytes as lower-case hex, in the layout of `crypto/verifying-key.ts`. */
  readonly verifyingKey: string;
  /** The commitment to the verifying keys of all circuits, 190 bytes as lower-case hex. */
  readonly keysCommitment: string;
}
