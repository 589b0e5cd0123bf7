// Tests: `src/chains/hotstuff2/client/hotstuff2-chain.test.ts`.
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { announcedBy, hasOpenAnnouncement } from '../chain/hand-over.ts';
import { hashOf } from '../chain/hash.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KnownSets } from '../chain/known-sets.ts';
import { Losers } from '../chain/losers.ts';
import { ProvenBlocks } from '../chain/proven-blocks.ts';
import { faultOf } from '../chain/rule-code.ts';
import { isTwoChain, verifyFinalityProof } from '../chain/verify-finality.ts';
import { encodeFinalityProof } from '../wire/finality-proof.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';

export interface FinalityChecksOptions {
  readonly chainId: Hash;
  readonly verify: Verify;
  readonly sets: KnownSets;
}

/** Finality proofs that peers send: what they prove, which sets they announce, and which of them contradict each other. */
export class FinalityChecks {
  readonly #options: FinalityChecksOptions;
  readonly #proven = new ProvenBlocks();

  constructor(options: FinalityChecksOptions) {
    this.#options = options;
  }

  /** The rule that a proof breaks, by sets that rule where its blocks are. `contradicts`: another block of this height was proven final, too. */
  async check(proof: FinalityProof, signal: AbortSignal): Promise<{ readonly fault: Fault | undefined; readonly contradicts?: Halt['evidence'] | undefined }> {
    const { chainId, verify, sets } = this.#options;
    const { height } = proof.final.header;
    const id = hashOf(proof.final.headerBytes);
    const code = await verifyFinalityProof(proof, { chainId, setOf: (header, parent) => (parent ? sets.nextSet(parent, header.validators) : sets.rulingSet(header)), verify, signal });
    if (code) return { fault: faultOf(code, { id, height }) };
    const bytes = encodeFinalityProof(proof);
    const other = this.#proven.add(id, proof.final.header, bytes);
    const announced = announcedBy(proof);
    if (announced) sets.announced(announced, bytes);
    return { fault: undefined, contradicts: other && [other, bytes] };
  }

  /**
   * Learns a set without the blocks that lead to it: from the finality proof of a block that announces it, signed by a set that is trusted. Returns the
   * rule that this breaks.
   */
  async learnSet(proof: FinalityProof, signal: AbortSignal): Promise<Fault | undefined> {
    const { sets } = this.#options;
    const { fault } = await this.check(proof, signal);
    const hash = announcedBy(proof);
    const { header } = proof.final;
    const block = { id: hashOf(proof.final.headerBytes), height: proof.final.header.height };
    if (fault || !hash || (sets.followingSet(header) ?? hash) !== hash) return fault ?? faultOf('unknown-set', block);
    const set = await sets.find(hash, signal);
    if (typeof set === 'string') return faultOf(set, block);
    return sets.learn(header, hash, encodeFinalityProof(proof)) ? undefined : faultOf('set-unknown-bytes', block);
  }

  /** A block and its parent that announces a set, both certified: together they prove the announcement. */
  noteAnnouncement(parent: Hs2Item | undefined, item: Hs2Item): void {
    if (!parent?.block.qc || !item.block.qc || !hasOpenAnnouncement(parent.block.header)) return;
    const isProof = isTwoChain(parent.block.header, item.block.header) && parent.block.header.validators === item.block.header.validators;
    if (isProof) this.#options.sets.announced(parent.block.header.nextValidators, Losers.proofOf(parent, item));
  }

  proofOf(id: Hash): Uint8Array | undefined {
    return this.#proven.proofOf(id);
  }

  clear(): void {
    this.#proven.clear();
  }
}
