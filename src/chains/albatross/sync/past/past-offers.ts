import { awaitMost } from '../../../../engine/await-most.ts';
import type { ProofRecord } from '../../chain/proof-record.ts';
import { AskError } from '../ask/asker.ts';
import { macroChainFault } from '../ask/macro-chain-answer.ts';
import type { Offer } from '../macro/macro-catch-up.ts';
import type { MacroContext } from '../macro-context.ts';
import type { SyncPeer } from '../net.ts';

/** `stranger`: the peer does not know the record's block. */
type PastAnswer = Offer | 'stranger' | 'liar' | 'silent';

/** The election blocks that a peer offers after the record. */
export async function pastOfferOf(context: MacroContext, record: ProofRecord, peer: SyncPeer, signal: AbortSignal): Promise<PastAnswer> {
  const { asker, chain, settings, report } = context.options;
  try {
    const answer = await asker.macroChain(peer.id, [record.head.hash], settings.maxEpochs, signal);
    if (!answer.ok) return answer.error === 'UnknownLocators' ? 'stranger' : 'silent';
    const fault = macroChainFault(answer.value, chain.policy, record.head.block.header.blockNumber, settings.maxEpochs);
    if (!fault) return { ...answer.value, peers: [peer] };
    report(peer.id, { kind: 'lie', ...fault });
    return 'liar';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AskError)) throw error;
    return 'silent';
  }
}

export interface PastOffers {
  /** Grows while silent peers are still being asked. */
  readonly answers: readonly PastAnswer[];
  /** Resolves when no peer is silent any more. */
  readonly complete: Promise<void>;
}

/** Asks all the peers, and adds their offers to `all`. As soon as one peer has an offer, silent peers are waited for no longer. */
export async function gatherPastOffers(context: MacroContext, record: ProofRecord, peers: readonly SyncPeer[], all: Offer[], signal: AbortSignal): Promise<PastOffers> {
  const { asker, clock } = context.options;
  const answers: PastAnswer[] = [];
  const questions = peers.map(async (peer) => {
    const answer = await pastOfferOf(context, record, peer, signal);
    answers.push(answer);
    if (typeof answer === 'object') all.push(answer);
    return typeof answer === 'object' && answer.epochs.length > 0;
  });
  await awaitMost(clock, () => asker.patience, questions, (useful) => useful);
  const complete = Promise.all(questions).then(() => undefined);
  // It may not be awaited.
  complete.catch(() => undefined);
  return { answers, complete };
}
