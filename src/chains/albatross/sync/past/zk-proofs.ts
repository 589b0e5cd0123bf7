import { askBeside } from '../../../../engine/fetch/ask-beside.ts';
import { unsigned } from '../../chain/block-store.ts';
import { blockHash, hashOrUndefined } from '../../chain/hashes.ts';
import { checkZkProof, zkpVerdictOf } from '../../chain/rules/zk-proof.ts';
import type { ZkpErrorCode } from '../../chain/rules/zk-proof.ts';
import { AskError } from '../ask/asker.ts';
import { RoundTurns } from '../round-turns.ts';
import { maxRoundPeers } from '../settings.ts';
import type { MacroContext } from '../macro-context.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../net.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { ProvenBlock } from '../../chain/proof-record.ts';
import type { ZkpResponse } from '../../wire/requests.ts';

/** Why the election chain is verified block by block instead of by a proof. */
type Reason = 'no-verifying-key' | 'no-proofs-offered' | 'no-newer-proof';

export interface ProofQuestion {
  /** The height that is already proven; only a proof above it is useful. */
  readonly above: number;
  /** Whether a proof of the block at this height is useful. */
  readonly useful: (height: number) => boolean;
  /** The peers that can be asked now, best first. The list changes as peers join and leave. */
  readonly peers: () => readonly SyncPeer[];
  readonly background: boolean;
  readonly signal: AbortSignal;
}

/**
 * Gets zero-knowledge proofs from peers: asks for them with their election block, verifies them, and judges the senders. Nodes of 2.x have
 * none, which is not their fault; they are not asked again. Albatross block reference, 6.3.
 */
export class ZkProofs {
  readonly #context: MacroContext;
  /** Peers that do not know this request. */
  readonly #without = new Set<PeerId>();
  #told: Reason | undefined;
  readonly #turns = new RoundTurns();

  constructor(context: MacroContext) {
    this.#context = context;
  }

  /** The election block of the first useful proof; undefined if there is none. Throws the signal's reason only. */
  async newest(question: ProofQuestion): Promise<ProvenBlock | undefined> {
    const { chain, suspectsPast } = this.#context.options;
    if (!chain.network.zkp) return this.#goWithout('no-verifying-key');
    let offered = false;
    const asked = new Set<PeerId>();
    const next = () => {
      // Bounded because new peers may keep joining while one is silent.
      if (asked.size >= maxRoundPeers) return undefined;
      const peer = this.#turns.order(question.peers()).find(({ id }) => !asked.has(id) && !this.#without.has(id) && !suspectsPast(id, 'zk-proof'));
      if (peer) {
        asked.add(peer.id);
        this.#turns.end([peer], 0);
      }
      return peer;
    };
    const ask = (peer: SyncPeer, signal: AbortSignal) => this.#ask(peer, question, signal);
    for await (const { peer, answer } of askBeside({ clock: this.#context.options.clock, next, ask, signal: question.signal })) {
      if (!answer) continue;
      offered = true;
      const proven = await this.#check(peer.id, answer, question);
      if (!proven) continue;
      this.#told = undefined;
      return proven;
    }
    return this.#goWithout(offered ? 'no-newer-proof' : 'no-proofs-offered');
  }

  /** Undefined: the peer has no proof, or did not answer. */
  async #ask(peer: SyncPeer, { above }: ProofQuestion, signal: AbortSignal): Promise<ZkpResponse | undefined> {
    try {
      const answer = await this.#context.options.asker.zkProof(peer.id, above, signal);
      // Not remembered for a Petrel client: it may have a proof later.
      if (answer || !peer.witness) return answer;
      // Peers that have left need not be remembered.
      for (const id of this.#without) if (!this.#context.peers.has(id)) this.#without.delete(id);
      this.#without.add(peer.id);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
    }
    return undefined;
  }

  /** Undefined: the proof is of no use; the peer has been reported if it was to blame. */
  async #check(peer: PeerId, answer: ZkpResponse, { above, useful, background, signal }: ProofQuestion): Promise<ProvenBlock | undefined> {
    const { bulk, chain, clock, log, proofs, pastVerified } = this.#context.options;
    const outdated = (height: number) => {
      log('info', 'zkp-outdated', { peer, height, ours: above });
      return undefined;
    };
    if (answer.type === 'outdated') return outdated(answer.blockNumber);
    const { proof: message, block } = answer;
    const check = checkZkProof({ message, block, network: chain.network, now: clock.now() });
    if ('code' in check) {
      // Without the hash, an error of ours could not be told from a proof for a forged block.
      const hash = block && hashOrUndefined(block);
      return this.#refuse(peer, check.code, block && hash ? { height: block.header.blockNumber, hash } : { height: message.blockNumber });
    }
    if ('genesis' in check || !block || !useful(message.blockNumber)) return outdated(message.blockNumber);
    const hash = blockHash(block);
    const { valid } = await bulk.verifyProof(check.job, { signal, background });
    if (!valid) return this.#refuse(peer, 'zkp-invalid', { height: message.blockNumber, hash });
    pastVerified([{ height: message.blockNumber, hash, peer }]);
    log('info', 'zkp-applied', { peer, height: message.blockNumber, hash });
    // The proof does not cover the signatures of this copy.
    const proven = unsigned({ ...block, body: undefined });
    proofs.verifiedByProof?.(message, proven);
    return { block: proven, hash, peer };
  }

  #refuse(peer: PeerId, code: ZkpErrorCode, evidence: { readonly height: number; readonly hash?: Hash }): undefined {
    const { log, report, onTooNew } = this.#context.options;
    const verdict = zkpVerdictOf(code);
    log('warning', 'zkp-invalid', { peer, height: evidence.height, rule: code });
    if (verdict === 'client-too-old') onTooNew(peer, evidence.height);
    else report(peer, verdict === 'ban' ? { kind: 'lie', code, evidence, past: 'zk-proof' } : { kind: 'useless', code });
    return undefined;
  }

  #goWithout(reason: Reason): undefined {
    // Logged once per series of the same reason, because peers are asked in every round.
    if (this.#told !== reason) this.#context.options.log('info', 'proof-by-election-chain', { reason });
    this.#told = reason;
    return undefined;
  }
}
