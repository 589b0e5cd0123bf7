// Tests: `src/chains/albatross/sync/albatross-sync-live.test.ts`.
import type { Clock } from '../../../../base/clock.ts';
import type { Emitter } from '../../../../base/emitter.ts';
import type { LogCode } from '../../../../base/log-codes.ts';
import type { Random } from '../../../../base/random.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { GossipVerdict, PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import { blockOfHeaderMessage } from '../../wire/gossip.ts';
import type { BlockHeaderMessage } from '../../wire/types.ts';
import type { Asker } from '../ask/asker.ts';
import type { Data } from '../macro-context.ts';
import type { MacroSync } from '../macro/macro-sync.ts';
import type { SyncSettings } from '../settings.ts';
import { BlockQueue } from './block-queue.ts';
import type { QueueEvents } from './block-queue.ts';
import type { Consensus } from './consensus.ts';
import { HeadRounds } from './head-rounds.ts';
import { UnheardBlocks } from './unheard-blocks.ts';
import { ValidatorListDispute } from './validator-list-dispute.ts';

export interface LiveSyncOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  readonly tasks: Tasks;
  readonly consensus: Consensus;
  /** Knows the peers and where they stand. */
  readonly macro: () => MacroSync;
  readonly isRunning: () => boolean;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Takes the events of the block queue. */
  readonly events: Emitter<QueueEvents>;
  readonly log: (level: 'info' | 'warning' | 'error', code: LogCode, data: Data) => void;
  readonly onTooNew: (peer: PeerId, height: number) => void;
  /** The consensus may have changed. */
  readonly onConsensus: () => void;
  /** Something changed that the phase is decided from. */
  readonly onChange: () => void;
}

/** Follows the head with the live peers: announced blocks go through the block queue, and head rounds find what was not announced. */
export class LiveSync {
  readonly #options: LiveSyncOptions;
  readonly #queue: BlockQueue;
  readonly #rounds: HeadRounds;
  readonly #dispute: ValidatorListDispute;
  readonly #unheard: UnheardBlocks;

  constructor(options: LiveSyncOptions) {
    this.#options = options;
    this.#queue = this.#makeQueue();
    this.#rounds = this.#makeRounds();
    this.#dispute = this.#makeDispute();
    this.#unheard = new UnheardBlocks(options.clock, () => this.#askWhileRunning());
  }

  /** Asks the live peers for their heads now. */
  askHeads(): void {
    this.#rounds.start();
  }

  /** There is one live peer more. */
  peerAdded(): void {
    this.#dispute.step();
  }

  /** Nothing that the peer has announced counts any longer. */
  dropPeer(peer: PeerId): void {
    // Gossip delivers equal bytes once: dropping the liar's blocks also loses those that other peers announced too, so ask for heads.
    if (this.#queue.dropPeer(peer)) this.#askWhileRunning();
  }

  /** A block was announced. Never throws: a verifier that was shut down must not count against the sender. */
  async announced(from: PeerId, message: BlockHeaderMessage): Promise<GossipVerdict> {
    const { macro, tasks, log } = this.#options;
    if (macro().peer(from)?.state === 'aside') {
      this.#onUnheard(message.header.blockNumber);
      return 'ignore';
    }
    try {
      const verdict = await this.#queue.announced(from, blockOfHeaderMessage(message));
      if (verdict === 'accept') macro().noteHeight(from, message.header.blockNumber);
      return verdict;
    } catch (error) {
      if (!tasks.signal.aborted) log('error', 'announcement-failed', { error: String(error) });
      return 'ignore';
    }
  }

  stop(): void {
    this.#unheard.stop();
    this.#rounds.stop();
    this.#queue.stop();
    this.#dispute.stop();
  }

  #askWhileRunning(): void {
    if (this.#options.isRunning()) this.#rounds.start();
  }

  #onUnheard(height: number): void {
    const { chain, settings, macro } = this.#options;
    const ahead = height - chain.head.height;
    if (ahead > 0 && ahead <= settings.windowAheadBatches * chain.policy.blocksPerBatch && macro().live().length > 0) this.#unheard.announced();
  }

  #makeQueue(): BlockQueue {
    const { chain, asker, clock, random, settings, tasks, macro, consensus, report, events, log, onTooNew, onConsensus, onChange } = this.#options;
    const queue = new BlockQueue({
      chain,
      asker,
      clock,
      random,
      settings,
      tasks,
      live: () => macro().live(),
      sourceOf: (peer) => {
        const { subnet = peer, witness = false } = macro().peer(peer)?.peer ?? {};
        return { peer, subnet, witness };
      },
      report,
      onMisfit: (peer, why) => {
        log('info', `peer-${why}`, { peer });
        macro().misfit(peer);
      },
      onUndecided: ({ code, ...block }) => {
        log('info', 'block-undecided', { height: block.height, hash: block.hash, peer: block.peer, rule: code ?? 'disputed' });
        if (code !== undefined) this.#dispute.suspect({ ...block, code });
        onChange();
      },
      onTooNew: (peer, block) => {
        if (block.type === 'macro') onTooNew(peer, block.header.blockNumber);
      },
    });
    queue.events.on('accepted', (event) => {
      if (event.how === 'announced') consensus.announcementAccepted();
      onConsensus();
      if (event.how === 'announced') this.#rounds.progress();
      events.emit('accepted', event);
    });
    queue.events.on('buffered', (event) => events.emit('buffered', event));
    queue.events.on('missing', (event) => {
      events.emit('missing', event);
      // A gap is closed: check by a head round whether we have caught up.
      if (consensus.state !== 'established') this.#rounds.start();
    });
    queue.events.on('rejected', (event) => {
      log('warning', 'block-rejected', { height: event.height, hash: event.hash, peer: event.peer, rule: event.code });
      events.emit('rejected', event);
    });
    return queue;
  }

  #makeRounds(): HeadRounds {
    const { chain, asker, clock, settings, tasks, macro, consensus, log, onConsensus } = this.#options;
    return new HeadRounds({
      chain,
      asker,
      clock,
      tasks,
      interval: settings.headRoundInterval,
      live: () => macro().live(),
      onHead: (peer, head) => macro().headOfLive(peer, head),
      onSilence: (peer) => macro().silent(peer),
      onBlock: (peer, block) => tasks.run(() => this.#queue.requested(peer, block)),
      onRound: (known, unknown) => {
        consensus.round(known, unknown);
        log('info', 'head-round', { known, unknown });
        onConsensus();
      },
    });
  }

  #makeDispute(): ValidatorListDispute {
    const { chain, asker, clock, tasks, macro, report, log, onChange } = this.#options;
    return new ValidatorListDispute({
      chain,
      asker,
      clock,
      tasks,
      peers: () => macro().askable,
      report,
      onDecided: (data) => {
        log('info', 'validator-list-decided', data);
        this.#askWhileRunning();
        onChange();
      },
    });
  }
}
