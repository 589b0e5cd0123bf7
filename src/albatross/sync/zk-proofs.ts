import { blockHash } from '../chain/hashes.ts';
import { checkZkProof, zkpVerdictOf } from '../chain/rules/zk-proof.ts';
import type { ZkpErrorCode } from '../chain/rules/zk-proof.ts';
import { AskError } from './asker.ts';
import type { MacroContext } from './macro-context.ts';
import type { PeerId, SyncPeer } from './net.ts';
import type { ProvenBlock } from '../chain/proof-record.ts';

/** Why the election chain is verified block by block, and not by a proof. */
type Reason = 'no-verifying-key' | 'no-proofs-offered' | 'no-newer-proof';

export interface ProofQuestion {
  /** The height that is proven already; only a proof above it is of use. */
  readonly above: number;
  /** Whether a proof of the block at this height is of use. */
  readonly useful: (height: number) => boolean;
  readonly peers: readonly SyncPeer[];
  readonly background: boolean;
  readonly signal: AbortSignal;
}

/**
 * Zero-knowledge proofs as peers give them: asked for with their election block, verified, and their senders judged. Nodes of 2.x have
 * none, which is no fault; they are not asked again. Albatross block reference, 6.3.
 */
export class ZkProofs {
  readonly #context: MacroContext;
  /** Peers that know no such request. */
  readonly #without = new Set<PeerId>();
  #told: Reason | undefined;

  constructor(context: MacroContext) {
    this.#context = context;
  }

  /** The election block that the first useful proof stands for; undefined when there is none. Throws the signal's reason only. */
  async newest(question: ProofQuestion): Promise<ProvenBlock | undefined> {
    const { chain } = this.#context.options;
    if (!chain.network.zkp) return this.#goWithout('no-verifying-key');
    let offered = false;
    for (const peer of question.peers) {
      if (this.#without.has(peer.id)) continue;
      try {
        const answer = await this.#from(peer.id, question);
        // A Petrel client may have one later.
        if (answer === 'none' && !peer.witness) continue;
        if (answer === 'none') {
          // Peers come and go: whoever is not there any more need not be remembered.
          for (const id of this.#without) if (!this.#context.peers.has(id)) this.#without.delete(id);
          this.#without.add(peer.id);
          continue;
        }
        offered = true;
        if (answer === 'useless') continue;
        this.#told = undefined;
        return answer;
      } catch (error) {
        question.signal.throwIfAborted();
        if (!(error instanceof AskError)) throw error;
      }
    }
    return this.#goWithout(offered ? 'no-newer-proof' : 'no-proofs-offered');
  }

  async #from(peer: PeerId, { above, useful, background, signal }: ProofQuestion): Promise<ProvenBlock | 'none' | 'useless'> {
    const { asker, bulk, chain, clock, log, proofs } = this.#context.options;
    const answer = await asker.zkProof(peer, above, background, signal);
    if (!answer) return 'none';
    const outdated = (height: number) => {
      log('info', 'zkp-outdated', { peer, height, ours: above });
      return 'useless' as const;
    };
    if (answer.type === 'outdated') return outdated(answer.blockNumber);
    const { proof: message, block } = answer;
    const check = checkZkProof({ message, block, network: chain.network, now: clock.now() });
    if ('code' in check) return this.#refuse(peer, check.code, message.blockNumber, background);
    if ('genesis' in check || !block || !useful(message.blockNumber)) return outdated(message.blockNumber);
    const hash = blockHash(block);
    const { valid } = await bulk.verifyProof(check.job, { signal, background });
    if (!valid) return this.#refuse(peer, 'zkp-invalid', message.blockNumber, background);
    log('info', 'zkp-applied', { peer, height: message.blockNumber, hash });
    proofs.verifiedByProof?.(message, block);
    return { block: { ...block, body: undefined }, hash, peer };
  }

  #refuse(peer: PeerId, code: ZkpErrorCode, height: number, past: boolean): 'useless' {
    const { log, report, onTooNew } = this.#context.options;
    const verdict = zkpVerdictOf(code);
    log('warning', 'zkp-invalid', { peer, height, rule: code });
    if (verdict === 'client-too-old') onTooNew(peer, height);
    else report(peer, verdict === 'ban' ? { kind: 'lie', code, evidence: { height }, past } : { kind: 'useless', code });
    return 'useless';
  }

  #goWithout(reason: Reason): undefined {
    // Once for each reason in a row: it is asked in every round.
    if (this.#told !== reason) this.#context.options.log('info', 'proof-by-election-chain', { reason });
    this.#told = reason;
    return undefined;
  }
}
