import { nothingChecked } from '../../engine/trust.ts';
import type { CheckedCounts } from '../../engine/trust.ts';
import type { LightChain } from './light-chain.ts';
import type { ZkProof } from '../wire/requests.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';

export interface ProvenBlock {
  readonly block: MacroBlock;
  readonly hash: Hash;
  /** Who gave this copy: a version 1 hash does not cover all of it. Empty: it came with this release. */
  readonly peer: string;
}

/** How far the election chain has been verified forward from where it needs no trust, whatever the light chain stands on. */
export interface ProofRecord {
  /** `pinned`: from the election block pinned in the release. */
  readonly origin: 'genesis' | 'pinned';
  readonly from: { readonly height: number; readonly hash: Hash };
  /** The newest verified election block. */
  readonly head: ProvenBlock;
  /** The newest election block that a zero-knowledge proof stands for. */
  readonly proof: { readonly height: number; readonly hash: Hash } | undefined;
  /** What was verified on the way. */
  readonly checked: CheckedCounts;
}

/** Where the records outlive the client. Neither may throw. */
export interface ProofKeeper {
  /** What earlier sessions verified. */
  readonly records: readonly ProofRecord[];
  save(record: ProofRecord): void;
  /** Election blocks that were verified on the way, whole and in order. */
  verified?(blocks: readonly ProvenBlock[]): void;
  /** A zero-knowledge proof that was verified, and the election block that it stands for. */
  verifiedByProof?(message: ZkProof, block: MacroBlock): void;
  forget(origin: ProofRecord['origin']): void;
}

/** Nothing verified yet: a record at its beginning. */
export function recordFrom(origin: ProofRecord['origin'], head: ProvenBlock): ProofRecord {
  return { origin, from: { height: head.block.header.blockNumber, hash: head.hash }, head, proof: undefined, checked: nothingChecked };
}

export function genesisRecord({ genesis }: Pick<LightChain, 'genesis'>): ProofRecord {
  return recordFrom('genesis', { block: genesis.block as MacroBlock, hash: genesis.hash, peer: '' });
}
