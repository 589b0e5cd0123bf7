import type { Clock } from '../../../base/clock.ts';
import { Emitter } from '../../../base/emitter.ts';
import type { LogCode, NoticeCode } from '../../../base/log-codes.ts';
import { ProgressMeter } from '../../../base/progress.ts';
import type { Progress } from '../../../base/progress.ts';
import type { Random } from '../../../base/random.ts';
import { Tasks } from '../../../base/tasks.ts';
import { reaches, trustLevel } from '../../../engine/trust.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { LightChain } from '../chain/light-chain.ts';
import { blockOfHeaderMessage } from '../wire/gossip.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import { Asker } from './ask/asker.ts';
import { BlockQueue } from './live/block-queue.ts';
import type { BulkVerifier } from './past/bulk-verifier.ts';
import type { QueueEvents } from './live/block-queue.ts';
import { Consensus } from './live/consensus.ts';
import { DoubtKeeper } from './live/doubt-keeper.ts';
import type { ConsensusState } from './live/consensus.ts';
import { HeadRounds } from './live/head-rounds.ts';
import { ValidatorListDispute } from './live/validator-list-dispute.ts';
import { MacroSync } from './macro/macro-sync.ts';
import type { GossipVerdict, PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { SyncNet, SyncPeer } from './net.ts';
import type { PicoPeer, PicoState, StateReason } from './pico-peer.ts';
import { phaseOf } from './phase.ts';
import type { ProofKeeper } from '../chain/proof-record.ts';
import type { ProofProgress } from './proof-progress.ts';
import type { PhaseReason, SyncPhase } from './phase.ts';
import { isProvenLie } from './live/self-doubt.ts';
import type { SyncSettings } from './settings.ts';
import { TooOld } from './live/too-old.ts';

type Data = Readonly<Record<string, string | number>>;

/** Minimum milliseconds between two head rounds caused by announcements of peers that are kept aside: a block time of mainnet. */
const unheardPause = 1000;
/** Peers remembered after they left: four times as many as a node has. */
const maxLeft = 64;

/** A peer as the sync sees it. */
export interface SyncPeerState {
  readonly id: PeerId;
  readonly state: PicoState;
  /** The newest head number that it stated. */
  readonly height: number | undefined;
  readonly reason: StateReason | undefined;
}

export type SyncProgress = Progress<'peers' | 'epochs' | 'blocks'>;

/** Events of the sync, besides those of the block queue. */
export interface SyncEvents extends QueueEvents {
  phase: { readonly phase: SyncPhase; readonly reason: PhaseReason | undefined };
  consensus: ConsensusState;
  peer: SyncPeerState;
  notice: { readonly level: 'info' | 'warning' | 'error'; readonly code: NoticeCode; readonly data: Data };
  anchor: Anchor;
  /** The verification of the past progresses, waits or is over (undefined). */
  proof: ProofProgress | undefined;
  /** Our chain turned out to be wrong and is reset; its stored data must be set aside. Emitted before the reset. */
  'storage-abandoned': Data;
}

export interface AlbatrossSyncOptions {
  readonly net: SyncNet;
  readonly chain: LightChain;
  /** Verifies many election blocks at once. */
  readonly bulk: BulkVerifier;
  readonly proofs: ProofKeeper;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (area: 'sync' | 'peers', level: 'info' | 'warning' | 'error', code: LogCode, data: Data) => void;
  readonly settings: SyncSettings;
}

/**
 * The sync of one light chain: pico macro sync until our final blocks are those of a peer, then block live sync, with the consensus rule
 * over both. It owns neither chain nor network. It decides which peers are asked for what, and what goes into the chain.
 */
export class AlbatrossSync {
  /** A listener's error must not stop the sync. */
  readonly events = new Emitter<SyncEvents>((error, event) => this.#log('sync', 'error', 'listener-failed', { event, error: String(error) }));
  readonly #options: AlbatrossSyncOptions;
  readonly #tasks: Tasks;
  readonly #asker: Asker;
  readonly #consensus: Consensus;
  readonly #tooOld: TooOld;
  readonly #doubt: DoubtKeeper;
  readonly #meter: ProgressMeter<'peers' | 'epochs' | 'blocks'>;
  readonly #unsubscribe: (() => void)[] = [];
  #macro: MacroSync;
  #queue: BlockQueue;
  #rounds: HeadRounds;
  readonly #trial: ValidatorListDispute;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #phase: SyncPhase = 'starting';
  #reason: PhaseReason | undefined;
  #liveCount = 0;
  /** Whether no heard peer knows our chain. */
  #unknown = false;
  #toldConsensus: ConsensusState = 'connecting';
  #epochs: { readonly done: number; readonly total: number } | undefined;
  /** The height at which the live sync began to catch up. */
  #liveStart: number | undefined;
  /** Monotonic milliseconds of the last head round caused by an announcement of a peer that is kept aside. */
  #unheardAt = -Infinity;
  #cancelUnheard: (() => void) | undefined;
  /** The peers that left most recently. */
  readonly #left = new Map<PeerId, SyncPeer>();

  constructor(options: AlbatrossSyncOptions) {
    const { settings, clock, net } = options;
    this.#options = options;
    this.#tasks = new Tasks((error) => this.#log('sync', 'error', 'task-failed', { error: String(error) }));
    this.#asker = new Asker({
      net,
      genesis: options.chain.genesis.hash,
      clock,
      timeout: settings.requestTimeout,
      report: (peer, report) => this.#report(peer, report),
      onAnswer: (peer, question) => this.#doubt.answered(peer, question),
    });
    this.#consensus = new Consensus({ minPeers: settings.minPeers, announcements: settings.establishingAnnouncements });
    this.#tooOld = new TooOld(settings.tooOldPeers);
    this.#doubt = this.#makeDoubt();
    this.#meter = new ProgressMeter(clock);
    this.#macro = this.#makeMacroSync(undefined);
    this.#queue = this.#makeQueue();
    this.#rounds = this.#makeRounds();
    this.#trial = this.#makeTrial();
  }

  get anchor(): Anchor {
    return this.#macro.anchor;
  }

  get phase(): SyncPhase {
    return this.#phase;
  }

  /** Why the phase is `waiting` or `failed`, or what `live-sync` still lacks. */
  get reason(): PhaseReason | undefined {
    return this.#reason;
  }

  get consensus(): ConsensusState {
    return this.#consensus.state;
  }

  get progress(): SyncProgress | undefined {
    this.#measure();
    return this.#meter.current;
  }

  /** Progress of the verification of the past; undefined if there is nothing to prove. */
  get proof(): ProofProgress | undefined {
    return this.#macro.prover.progress;
  }

  get peers(): readonly SyncPeerState[] {
    return this.#macro.peers.map(peerState);
  }

  /** Sets the anchor of a chain that was restored from storage. Before `start` only. */
  restoreAnchor(anchor: Anchor): void {
    // An anchor above the restored chain would vouch for nothing.
    if (this.#state === 'new' && anchor.height <= this.#options.chain.electionHead.height) this.#macro = this.#makeMacroSync(anchor);
  }

  /** The restored chain's anchor was checked; this is the result. */
  confirmAnchor(anchor: Anchor): void {
    if (this.#state !== 'stopped') this.#macro.confirmAnchor(anchor);
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    const { net, chain } = this.#options;
    this.#unsubscribe.push(
      net.on('joined', (peer) => {
        this.#log('peers', 'info', 'peer-joined', { peer: peer.id });
        // It may have counted as a witness until now.
        if (!peer.witness) this.#asker.copies.dropPeer(peer.id);
        this.#macro.join(peer, this.#doubt.reason(peer.id));
      }),
      net.on('left', (peer) => {
        this.#tooOld.forget(peer.id);
        this.#rememberLeft(peer);
        this.#macro.leave(peer.id);
        this.#liveChanged();
      }),
      net.onAnnouncement((from, message) => this.#onAnnouncement(from, message)),
      chain.events.on('change', (change) => {
        if (change.kind === 'reset') {
          this.#consensus.reset();
          this.#tellConsensus();
        }
        if (change.adopted.length > 0) this.#tooOld.reached(chain.head.height);
        this.#doubt.chainChanged();
        this.#update();
      }),
    );
    this.#macro.prover.recall();
    this.#weighTrust();
    for (const peer of net.peers()) this.#macro.join(peer);
    this.#update();
  }

  /** Ends all running tasks and resolves when they have ended. The chain stays as it is. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#doubt.stop();
    this.#cancelUnheard?.();
    this.#rounds.stop();
    this.#queue.stop();
    this.#trial.stop();
    this.#asker.stop(new Error('sync stopped'));
    await this.#tasks.stop(new Error('sync stopped'));
    this.#meter.end();
    this.#update();
  }

  #makeMacroSync(anchor: Anchor | undefined): MacroSync {
    const { net, chain, bulk, proofs, clock, random, settings } = this.#options;
    return new MacroSync(
      {
        chain,
        bulk,
        proofs,
        asker: this.#asker,
        clock,
        random,
        settings,
        tasks: this.#tasks,
        report: (peer, report) => this.#report(peer, report),
        disconnect: (peer, reason) => {
          // A peer that is kept aside stays connected, whatever task began before.
          if (this.#doubt.reason(peer)) return;
          this.#log('peers', 'info', 'peer-dropped', { peer, reason });
          net.disconnect(peer, reason);
        },
        onPeer: (peer) => this.#onPeer(peer),
        onAnchor: (anchor) => {
          this.events.emit('anchor', anchor);
          this.#weighTrust();
          this.#macro.prover.start();
        },
        onProof: (progress) => this.events.emit('proof', progress),
        log: (level, code, data) => this.#log('sync', level, code, data),
        onNotice: (level, code, data) => this.events.emit('notice', { level, code, data }),
        onAbandoned: (data) => this.events.emit('storage-abandoned', data),
        onUnknown: (unknown) => {
          if (unknown === this.#unknown) return;
          this.#unknown = unknown;
          this.#log('sync', unknown ? 'warning' : 'info', unknown ? 'chain-unknown' : 'chain-known', { height: chain.macroHead.height });
          this.#update();
        },
        onTooNew: (peer, height) => this.#onTooNew(peer, height),
        onProgress: (epochs) => {
          this.#epochs = epochs;
          // Macro blocks have caught up. Peers no longer announce the blocks after the last macro block, so ask for heads.
          if (epochs === undefined && this.#state === 'running') this.#rounds.start();
          this.#update();
        },
      },
      anchor,
    );
  }

  #makeQueue(): BlockQueue {
    const { chain, clock, random, settings } = this.#options;
    const queue = new BlockQueue({
      chain,
      asker: this.#asker,
      clock,
      random,
      settings,
      tasks: this.#tasks,
      live: () => this.#macro.live(),
      sourceOf: (peer) => {
        const { subnet = peer, witness = false } = this.#macro.peer(peer)?.peer ?? {};
        return { peer, subnet, witness };
      },
      report: (peer, report) => this.#report(peer, report),
      onMisfit: (peer, why) => {
        this.#log('sync', 'info', `peer-${why}`, { peer });
        this.#macro.misfit(peer);
      },
      onUndecided: ({ code, ...block }) => {
        this.#log('sync', 'info', 'block-undecided', { height: block.height, hash: block.hash, peer: block.peer, rule: code ?? 'disputed' });
        if (code !== undefined) this.#trial.suspect({ ...block, code });
        this.#update();
      },
      onTooNew: (peer, block) => {
        if (block.type === 'macro') this.#onTooNew(peer, block.header.blockNumber);
      },
    });
    queue.events.on('accepted', (event) => {
      if (event.how === 'announced') this.#consensus.announcementAccepted();
      this.#tellConsensus();
      if (event.how === 'announced') this.#rounds.progress();
      this.events.emit('accepted', event);
    });
    queue.events.on('buffered', (event) => this.events.emit('buffered', event));
    queue.events.on('missing', (event) => {
      this.events.emit('missing', event);
      // A gap is closed: check by a head round whether we have caught up.
      if (this.#consensus.state !== 'established') this.#rounds.start();
    });
    queue.events.on('rejected', (event) => {
      this.#log('sync', 'warning', 'block-rejected', { height: event.height, hash: event.hash, peer: event.peer, rule: event.code });
      this.events.emit('rejected', event);
    });
    return queue;
  }

  #makeTrial(): ValidatorListDispute {
    const { chain, clock } = this.#options;
    return new ValidatorListDispute({
      chain,
      asker: this.#asker,
      clock,
      tasks: this.#tasks,
      peers: () => this.#macro.askable,
      report: (peer, report) => this.#report(peer, report),
      onDecided: (data) => {
        this.#log('sync', 'info', 'validator-list-decided', data);
        if (this.#state === 'running') this.#rounds.start();
        this.#update();
      },
    });
  }

  #makeDoubt(): DoubtKeeper {
    const { chain, clock, net, settings } = this.#options;
    return new DoubtKeeper({
      chain,
      clock,
      settings,
      peers: () => this.#macro.peers,
      setAside: (peer, reason) => {
        this.#log('peers', 'warning', 'peer-aside', { peer, rule: reason.code });
        this.#macro.setAside(peer, reason);
        this.#dropWordOf(peer);
      },
      pardon: (peer, code) => {
        this.#log('peers', 'info', 'peer-pardoned', { peer });
        net.pardon(peer, code);
      },
      readmit: (peer) => this.#macro.readmit(peer),
      ban: (peer, code, evidence) => this.#ban(peer, { kind: 'lie', code, evidence }),
      onNotice: (level, code, data) => this.events.emit('notice', { level, code, data }),
      onChange: () => this.#liveChanged(),
    });
  }

  #makeRounds(): HeadRounds {
    const { chain, clock, settings } = this.#options;
    return new HeadRounds({
      chain,
      asker: this.#asker,
      clock,
      tasks: this.#tasks,
      interval: settings.headRoundInterval,
      live: () => this.#macro.live(),
      onHead: (peer, head) => this.#macro.headOfLive(peer, head),
      onSilence: (peer) => this.#macro.silent(peer),
      onBlock: (peer, block) => this.#tasks.run(() => this.#queue.requested(peer, block)),
      onRound: (known, unknown) => {
        this.#consensus.round(known, unknown);
        this.#log('sync', 'info', 'head-round', { known, unknown });
        this.#tellConsensus();
      },
    });
  }

  /** Never throws: a verifier that was shut down must not count against the sender. */
  async #onAnnouncement(from: PeerId, message: BlockHeaderMessage): Promise<GossipVerdict> {
    if (this.#state !== 'running') return 'ignore';
    if (this.#macro.peer(from)?.state === 'aside') {
      this.#onUnheard(message.header.blockNumber);
      return 'ignore';
    }
    try {
      const verdict = await this.#queue.announced(from, blockOfHeaderMessage(message));
      if (verdict === 'accept') this.#macro.noteHeight(from, message.header.blockNumber);
      return verdict;
    } catch (error) {
      if (!this.#tasks.signal.aborted) this.#log('sync', 'error', 'announcement-failed', { error: String(error) });
      return 'ignore';
    }
  }

  /**
   * Gossip delivers equal bytes once: if a peer that is kept aside announces a block first, it will not arrive from other peers, so they
   * are asked for their heads. At most one round per pause. An announcement during the pause gets a round at its end; otherwise a false
   * announcement would use up the turn of a true one.
   */
  #onUnheard(height: number): void {
    const { chain, clock, settings } = this.#options;
    const ahead = height - chain.head.height;
    if (ahead <= 0 || ahead > settings.windowAheadBatches * chain.policy.blocksPerBatch || this.#liveCount === 0 || this.#cancelUnheard) return;
    const wait = this.#unheardAt + unheardPause - clock.monotonic();
    const ask = () => {
      this.#cancelUnheard = undefined;
      this.#unheardAt = clock.monotonic();
      if (this.#state === 'running') this.#rounds.start();
    };
    if (wait <= 0) ask();
    else this.#cancelUnheard = clock.after(wait, ask);
  }

  /** Remembers a peer that left, so that it can still be judged. */
  #rememberLeft(peer: SyncPeer): void {
    this.#left.delete(peer.id);
    this.#left.set(peer.id, peer);
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= maxLeft) break;
      this.#left.delete(oldest);
    }
  }

  /** Reports what was observed about a peer outside the sync; it is judged like the sync's own reports. */
  report(peer: PeerId, report: PeerReport): void {
    this.#report(peer, report);
  }

  #report(peer: PeerId, report: PeerReport): void {
    // While a peer is kept aside, nothing is counted for or against it, except a lie that no doubt excuses.
    if (this.#doubt.reason(peer) && !(report.kind === 'lie' && isProvenLie(report.code))) return;
    if (report.kind !== 'lie') return this.#options.net.report(peer, report);
    const entry = this.#macro.peer(peer);
    // A banned peer is not judged again; a second proof adds nothing.
    if (entry?.state === 'banned') return;
    this.#log('peers', 'warning', 'peer-lied', { peer, lie: report.code, ...report.evidence });
    // A peer that left long ago is not known to be a witness.
    const known = entry?.peer ?? this.#left.get(peer) ?? { id: peer, services: 0, subnet: peer, witness: false };
    // A lie found by the background proof leads to a ban at once: it concerns no rule that new blocks are judged by, so it raises no doubt.
    if (report.past || !this.#doubt.caught(known, report.code, report.evidence)) this.#ban(peer, report);
  }

  #ban(peer: PeerId, lie: PeerReport & { readonly kind: 'lie' }): void {
    this.#macro.banned(peer, lie.code, lie.evidence);
    this.#dropWordOf(peer);
    this.#options.net.report(peer, lie);
    this.#liveChanged();
  }

  /** Nothing that the peer has sent counts any longer. */
  #dropWordOf(peer: PeerId): void {
    this.#asker.copies.dropPeer(peer);
    // Gossip delivers equal bytes once: dropping the liar's blocks also loses those that other peers announced too, so ask for heads.
    if (this.#queue.dropPeer(peer) && this.#state === 'running') this.#rounds.start();
  }

  #onPeer(peer: PicoPeer): void {
    this.events.emit('peer', peerState(peer));
    this.#liveChanged();
  }

  #liveChanged(): void {
    if (this.#state !== 'running') return;
    const count = this.#macro.live().length;
    if (count > this.#liveCount) this.#trial.step();
    const wasReady = this.#consensus.ready;
    const before = this.#liveCount;
    this.#liveCount = count;
    if (count > 0) this.#macro.prover.start();
    // Peers on trial may be liars: they take part, but do not count for consensus.
    this.#consensus.peers(this.#macro.live().filter((id) => !this.#doubt.onTrial(id)).length);
    this.#tellConsensus();
    // The first live peer shows where the head is; the peer that completes the required number makes consensus possible.
    if ((this.#consensus.ready && !wasReady) || (before === 0 && count > 0)) this.#rounds.start();
    this.#update();
  }

  /** The chain's trust level has changed. */
  #weighTrust(): void {
    this.#consensus.trusted(reaches(trustLevel(this.anchor), this.#options.settings.trustAtLeast));
    this.#tellConsensus();
  }

  #onTooNew(peer: PeerId, height: number): void {
    const { subnet, witness } = this.#macro.peer(peer)?.peer ?? {};
    // Petrel clients cannot tell us that we are too old, however many there are.
    if (subnet === undefined || witness !== true) return;
    this.#log('sync', 'warning', 'unknown-version', { peer, height });
    this.#tooOld.seen(peer, subnet, height);
    this.#update();
  }

  #tellConsensus(): void {
    const { state } = this.#consensus;
    if (state === this.#toldConsensus) return;
    this.#toldConsensus = state;
    this.#log('sync', state === 'lost' ? 'warning' : 'info', `consensus-${state}`, { height: this.#options.chain.head.height });
    this.events.emit('consensus', state);
    this.#update();
  }

  #update(): void {
    const { chain, settings } = this.#options;
    const level = trustLevel(this.anchor);
    const { phase, reason } = phaseOf({
      state: this.#state,
      tooOld: this.#tooOld.height,
      peers: this.#macro.peers.map(({ state }) => state),
      consensus: this.#consensus.state,
      minPeers: settings.minPeers,
      lackingWitnesses: this.#macro.lackingWitnesses,
      trust: reaches(level, settings.trustAtLeast) ? undefined : { level, wanted: settings.trustAtLeast },
      doubt: this.#doubt.view,
      unknown: this.#unknown ? chain.head.height : undefined,
      undecided: chain.undecided !== undefined && chain.undecided > chain.head.height ? chain.electionHead.height : undefined,
    });
    this.#measure(phase);
    if (phase === this.#phase && reason?.code === this.#reason?.code) {
      this.#reason = reason;
      return;
    }
    this.#phase = phase;
    this.#reason = reason;
    this.events.emit('phase', { phase, reason });
  }

  /** Updates the progress for the current phase. */
  #measure(phase: SyncPhase = this.#phase): void {
    const { chain, settings } = this.#options;
    const current = this.#meter.current;
    const measure = (unit: 'peers' | 'epochs' | 'blocks', done: number, total: number) => {
      if (current?.unit !== unit || done < current.done) this.#meter.start(unit, total, done);
      else if (done !== current.done || total > current.total) this.#meter.update(done, total);
    };
    if (this.#epochs) return measure('epochs', this.#epochs.done, this.#epochs.total);
    if (phase === 'connecting') return measure('peers', this.#macro.peers.length, Math.max(settings.minPeers, this.#macro.peers.length));
    if (phase !== 'live-sync') {
      this.#liveStart = undefined;
      return this.#meter.end();
    }
    this.#liveStart = Math.min(this.#liveStart ?? chain.head.height, chain.head.height);
    const target = Math.max(chain.head.height, ...this.#macro.peers.flatMap(({ state, height }) => (state === 'live' && height !== undefined ? [height] : [])));
    return measure('blocks', chain.head.height - this.#liveStart, target - this.#liveStart);
  }

  #log(area: 'sync' | 'peers', level: 'info' | 'warning' | 'error', code: LogCode, data: Data): void {
    this.#options.log(area, level, code, data);
  }
}

function peerState({ id, state, height, reason }: PicoPeer): SyncPeerState {
  return { id, state, height, reason };
}
