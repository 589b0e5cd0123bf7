import { type AlbatrossCounts, nothingChecked } from './checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { LightChain } from './light-chain.ts';
import type { ZkProof } from '../wire/requests.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';

export interface ProvenBlock {
  readonly block: MacroBlock;
  readonly hash: Hash;
  /** The peer that gave this copy, since a version 1 hash does not cover all of it. Empty: it came with this release. */
  readonly peer: string;
}

/** How far the election chain has been verified forward from a block that needs no trust, regardless of the light chain's anchor. */
export interface ProofRecord {
  /** `pinned`: from the election block pinned in the release. */
  readonly origin: 'genesis' | 'pinned';
  readonly from: { readonly height: number; readonly hash: Hash };
  /** The newest verified election block. Its justification is left out if it is not verified: the first block has no predecessor to verify it by. */
  readonly head: ProvenBlock;
  /** The newest election block that a zero-knowledge proof covers. */
  readonly proof: { readonly height: number; readonly hash: Hash } | undefined;
  /** Counts of what was verified on the way. */
  readonly checked: AlbatrossCounts;
}

/** Keeps the records beyond the client's lifetime. None of its methods may throw. */
export interface ProofKeeper {
  /** The verified records: of this session, or of an earlier one and verified again in this one. */
  readonly records: readonly ProofRecord[];
  /** Resolves when all `records` from storage have arrived; never rejects. */
  readonly settled?: Promise<void> | undefined;
  save(record: ProofRecord): void;
  /** Takes election blocks that were verified on the way, whole and in order. */
  verified?(blocks: readonly ProvenBlock[]): void;
  /** Takes a verified zero-knowledge proof and the election block that it covers. */
  verifiedByProof?(message: ZkProof, block: MacroBlock): void;
  forget(origin: ProofRecord['origin']): void;
}

/** A record at its beginning, with nothing verified yet. */
export function recordFrom(origin: ProofRecord['origin'], head: ProvenBlock): ProofRecord {
  return { origin, from: { height: head.block.header.blockNumber, hash: head.hash }, head, proof: undefined, checked: nothingChecked };
}

export function genesisRecord({ genesis }: Pick<LightChain, 'genesis'>): ProofRecord {
  return recordFrom('genesis', { block: genesis.block as MacroBlock, hash: genesis.hash, peer: '' });
}

/** The anchor of a chain that the record reaches. */
export function anchorOf({ origin, from, proof }: ProofRecord): Anchor {
  return { kind: origin, ...from, witnesses: [], fewWitnesses: false, ...(origin === 'genesis' && proof ? { proof } : {}) };
}

/** The additional credit of a restored chain, beyond the counts stored with it: the record verifies everything up to the restored block. */
export function creditOf({ checked }: ProofRecord, stored: AlbatrossCounts): AlbatrossCounts {
  const electionBlocks = checked.electionBlocks - stored.electionBlocks;
  const milliseconds = Math.max(0, checked.milliseconds - stored.milliseconds);
  return { ...nothingChecked, electionBlocks, justifications: electionBlocks, proofs: checked.proofs - stored.proofs, milliseconds };
}
