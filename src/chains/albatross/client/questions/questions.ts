import type { Clock } from '../../../../base/clock.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { SyncNet } from '../../sync/net.ts';
import type { FoundBlock } from '../block-finder.ts';
import { type Standing, trustAt } from '../block-views.ts';
import { AccountQuestions } from './account-questions.ts';
import { AddressPeers } from './address-peers.ts';
import { AddressWatch, type AddressWatchOptions } from './address-watch.ts';
import { ChainGround } from './chain-ground.ts';
import { HistoryQuestions } from './history-questions.ts';
import { KeptHistory, type KeptHistoryOptions } from './kept-history.ts';
import { ProofFileQuestions, type ProofFileQuestionsOptions } from './proof-file-questions.ts';
import { ProofAsker } from './proof-asker.ts';
import { questionTable } from './question-table.ts';
import { SyncQuestions, type SyncSource } from './sync-questions.ts';
import type { Publish } from './send-transaction.ts';
import { TrackedTransactions } from './tracked-transactions.ts';
import { TransactionQuestions } from './transaction-questions.ts';

export interface QuestionsOptions {
  readonly chain: LightChain;
  readonly clock: Clock;
  readonly standing: () => Standing;
  /** For the questions about the sync. */
  readonly sync: SyncSource;
  /** The peers that are listened to; undefined before the network has started. */
  readonly net: () => Pick<SyncNet, 'peers' | 'request'> | undefined;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Best first. */
  readonly rank: (peers: readonly PeerId[]) => readonly PeerId[];
  readonly find: (key: Hash | number, signal: AbortSignal | undefined) => Promise<FoundBlock | undefined>;
  /** Where proven history is kept, and whether the chain continues what is stored there. */
  readonly store: KeptHistoryOptions['store'];
  readonly startsOver: boolean;
  readonly log: KeptHistoryOptions['log'];
  /** For proofs to take away: the way from genesis as far as it is held, and what verifies them. */
  readonly election: ProofFileQuestionsOptions['election'];
  readonly zkProof: ProofFileQuestionsOptions['zkProof'];
  readonly verify: Verify;
  readonly publish: Publish;
  readonly listen: AddressWatchOptions['listen'];
  /** Aborted when the client ends. */
  readonly signal: AbortSignal;
}

/** What a page can ask of Albatross, by the names of `question-table.ts`. */
export class Questions {
  readonly #table: ReturnType<typeof questionTable>;
  readonly #watch: AddressWatch;

  constructor({ chain, clock, standing, sync, net, report, rank, find, store, startsOver, log, election, zkProof, verify, publish, listen, signal }: QuestionsOptions) {
    const asker = new ProofAsker({ clock, net, report, rank });
    const ground = new ChainGround({ chain, clock, standing });
    const peers = new AddressPeers();
    const history = new HistoryQuestions({ asker, ground, peers, find });
    const kept = new KeptHistory({ history, ground, store, startsOver, log, signal });
    const tracked = new TrackedTransactions({ history: kept, ground, clock, signal });
    this.#watch = new AddressWatch({ clock, peers, net, rank, listen, signal, said: (hash, height, peer) => tracked.said(hash, height, peer) });
    const transactions = new TransactionQuestions({ history, kept, ground, tracked, watch: this.#watch, publish });
    this.#table = questionTable(new AccountQuestions(asker, ground, peers), transactions, new ProofFileQuestions({ asker, ground, peers, history, find, election, zkProof, verify }), new SyncQuestions(sync, clock), {
      clock, ended: signal, level: () => trustAt(chain.head.height, standing()),
    });
  }

  /** A peer has joined. */
  joined(): void {
    this.#watch.joined();
  }

  /** A peer has left. */
  left(peer: PeerId): void {
    this.#watch.left(peer);
  }

  /** Rejects with `QuestionError` or the signal's reason. */
  async ask(question: string, args: readonly unknown[], signal: AbortSignal | undefined): Promise<unknown> {
    const handler = this.#table.get(question);
    if (!handler) throw new QuestionError('unknown-question', { question: question.slice(0, 80) });
    signal?.throwIfAborted();
    return handler(args, signal);
  }
}
