import { Gathering } from '../../../../engine/fetch/gathering.ts';
import type { ProofRecord } from '../../chain/proof-record.ts';
import { AskError } from '../ask/asker.ts';
import { macroChainFault } from '../ask/macro-chain-answer.ts';
import type { Offer } from '../macro/macro-catch-up.ts';
import type { MacroContext } from '../macro-context.ts';
import type { SyncPeer } from '../net.ts';

/** `stranger`: the peer does not know the record's block. */
type PastAnswer = Offer | 'stranger' | 'liar' | 'silent';

/** The election blocks that peers offer after a record. Offers are added as they come, until `signal` aborts. */
export class PastOffers {
  readonly #context: MacroContext;
  readonly #record: ProofRecord;
  readonly #signal: AbortSignal;
  readonly #answers: PastAnswer[] = [];
  /** The answers. As soon as one peer has an offer, silent peers are waited for no longer. */
  readonly gathering: Gathering<PastAnswer>;
  readonly all: Offer[] = [];

  constructor(context: MacroContext, record: ProofRecord, signal: AbortSignal) {
    const { asker, clock } = context.options;
    this.#context = context;
    this.#record = record;
    this.#signal = signal;
    this.gathering = new Gathering(clock, () => asker.patience, (answer) => typeof answer === 'object' && answer.epochs.length > 0);
  }

  ask(peer: SyncPeer): void {
    this.gathering.add(this.#ask(peer));
  }

  /** Whether some peers say that they do not know the record's block, and no peer that has answered knows it. */
  get unknown(): boolean {
    return this.#answers.includes('stranger') && this.all.length === 0 && !this.#answers.includes('liar');
  }

  async #ask(peer: SyncPeer): Promise<PastAnswer> {
    const answer = await this.#answerOf(peer);
    this.#answers.push(answer);
    if (typeof answer === 'object') this.all.push(answer);
    return answer;
  }

  async #answerOf(peer: SyncPeer): Promise<PastAnswer> {
    const { asker, chain, settings, report } = this.#context.options;
    const { hash, block } = this.#record.head;
    try {
      const answer = await asker.macroChain(peer.id, [hash], settings.maxEpochs, this.#signal, 'election-chain');
      if (!answer.ok) return answer.error === 'UnknownLocators' ? 'stranger' : 'silent';
      const fault = macroChainFault(answer.value, chain.policy, block.header.blockNumber, settings.maxEpochs);
      if (!fault) return { ...answer.value, peers: [peer] };
      report(peer.id, { kind: 'lie', ...fault, past: 'election-chain' });
      return 'liar';
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return 'silent';
    }
  }
}
