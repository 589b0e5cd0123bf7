// Tests: `src/chains/albatross/sync/albatross-sync-live.test.ts`, `src/chains/albatross/sync/albatross-sync-macro.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import { Emitter } from '../../../base/emitter.ts';
import type { LogCode } from '../../../base/log-codes.ts';
import type { Random } from '../../../base/random.ts';
import { Tasks } from '../../../base/tasks.ts';
import type { BannedPeer } from '../../../engine/peers/peer-book.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import { reaches, trustLevel } from '../../../engine/trust.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { ProofKeeper } from '../chain/proof-record.ts';
import { Asker } from './ask/asker.ts';
import { Consensus } from './live/consensus.ts';
import type { ConsensusState } from './live/consensus.ts';
import { LiveSync } from './live/live-sync.ts';
import { TooOld } from './live/too-old.ts';
import type { Data } from './macro-context.ts';
import { MacroSync } from './macro/macro-sync.ts';
import type { SyncNet } from './net.ts';
import type { BulkVerifier } from './past/bulk-verifier.ts';
import { pastWays } from './past/past-doubt.ts';
import { PeerJudge } from './peer-judge.ts';
import type { PhaseReason, SyncPhase } from './phase.ts';
import type { PicoPeer } from './pico-peer.ts';
import type { ProofProgress } from './proof-progress.ts';
import type { SyncSettings } from './settings.ts';
import type { SyncEvents, SyncPeerState } from './sync-events.ts';
import { SyncStatus } from './sync-status.ts';
import type { SyncProgress } from './sync-status.ts';

export interface AlbatrossSyncOptions {
  readonly net: SyncNet;
  readonly chain: LightChain;
  /** Verifies many election blocks at once. */
  readonly bulk: BulkVerifier;
  readonly proofs: ProofKeeper;
  /** The bans in force, also of earlier sessions. Lies for which they were made still count. */
  readonly bans: readonly BannedPeer[];
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
  readonly #judge: PeerJudge;
  readonly #status: SyncStatus;
  readonly #unsubscribe: (() => void)[] = [];
  #macro: MacroSync;
  readonly #live: LiveSync;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #liveCount = 0;
  /** Whether no heard peer knows our chain. */
  #unknown = false;
  #toldConsensus: ConsensusState = 'connecting';

  constructor(options: AlbatrossSyncOptions) {
    const { settings, clock, net } = options;
    this.#options = options;
    this.#tasks = new Tasks((error) => this.#log('sync', 'error', 'task-failed', { error: String(error) }));
    this.#asker = new Asker({
      net,
      genesis: options.chain.genesis.hash,
      clock,
      timeout: settings.requestTimeout,
      report: (peer, report) => this.report(peer, report),
      onAnswer: (peer, question) => this.#judge.answered(peer, question),
    });
    this.#consensus = new Consensus({ minPeers: settings.minPeers, announcements: settings.establishingAnnouncements });
    this.#tooOld = new TooOld(settings.tooOldPeers);
    this.#judge = this.#makeJudge();
    this.#status = this.#makeStatus();
    this.#macro = this.#makeMacroSync(undefined);
    this.#live = this.#makeLive();
  }

  get anchor(): Anchor {
    return this.#macro.anchor;
  }

  get phase(): SyncPhase {
    return this.#status.phase;
  }

  /** Why the phase is `waiting` or `failed`, or what `live-sync` still lacks. */
  get reason(): PhaseReason | undefined {
    return this.#status.reason;
  }

  get consensus(): ConsensusState {
    return this.#consensus.state;
  }

  get progress(): SyncProgress | undefined {
    return this.#status.progress;
  }

  /** Progress of the verification of the past; undefined if there is nothing to prove. */
  get proof(): ProofProgress | undefined {
    return this.#macro.prover.progress;
  }

  get peers(): readonly SyncPeerState[] {
    return this.#macro.peers.map((peer) => this.#stateOf(peer));
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
        this.#macro.join(peer, this.#judge.aside(peer.id));
      }),
      net.on('left', (peer) => {
        this.#tooOld.forget(peer.id);
        this.#judge.left(peer);
        this.#macro.leave(peer.id);
        this.#liveChanged();
      }),
      net.onAnnouncement(async (from, message) => (this.#state === 'running' ? this.#live.announced(from, message) : 'ignore')),
      chain.events.on('change', (change) => {
        if (change.kind === 'reset') {
          this.#consensus.reset();
          this.#tellConsensus();
        }
        if (change.adopted.length > 0) this.#tooOld.reached(chain.head.height);
        this.#judge.chainChanged();
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
    this.#judge.stop();
    this.#live.stop();
    this.#asker.stop(new Error('sync stopped'));
    await this.#tasks.stop(new Error('sync stopped'));
    this.#status.end();
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
        report: (peer, report) => this.report(peer, report),
        disconnect: (peer, reason) => {
          // A peer that is kept aside stays connected, whatever task began before.
          if (this.#judge.aside(peer)) return;
          this.#log('peers', 'info', 'peer-dropped', { peer, reason });
          net.disconnect(peer, reason);
        },
        suspectsPast: (peer, way) => this.#judge.suspectsPast(peer, way),
        pastVerified: (blocks) => this.#judge.pastVerified(blocks),
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
          this.#status.setEpochs(epochs);
          // Macro blocks have caught up. Peers no longer announce the blocks after the last macro block, so ask for heads.
          if (epochs === undefined && this.#state === 'running') this.#live.askHeads();
          this.#update();
        },
      },
      anchor,
    );
  }

  #makeLive(): LiveSync {
    const { chain, clock, random, settings } = this.#options;
    return new LiveSync({
      chain,
      asker: this.#asker,
      clock,
      random,
      settings,
      tasks: this.#tasks,
      consensus: this.#consensus,
      macro: () => this.#macro,
      isRunning: () => this.#state === 'running',
      report: (peer, report) => this.report(peer, report),
      events: this.events,
      log: (level, code, data) => this.#log('sync', level, code, data),
      onTooNew: (peer, height) => this.#onTooNew(peer, height),
      onConsensus: () => this.#tellConsensus(),
      onChange: () => this.#update(),
    });
  }

  #makeJudge(): PeerJudge {
    const { bans, chain, clock, net, settings } = this.#options;
    return new PeerJudge({
      bans,
      net,
      chain,
      clock,
      settings,
      macro: () => this.#macro,
      dropWordOf: (peer) => this.#dropWordOf(peer),
      log: (level, code, data) => this.#log('peers', level, code, data),
      onNotice: (level, code, data) => this.events.emit('notice', { level, code, data }),
      onSuspect: (peer) => {
        const entry = this.#macro.peer(peer);
        if (entry) this.#onPeer(entry);
      },
      onChange: () => this.#liveChanged(),
    });
  }

  #makeStatus(): SyncStatus {
    const { chain, clock, settings } = this.#options;
    return new SyncStatus({
      clock,
      chain,
      minPeers: settings.minPeers,
      peers: () => this.#macro.peers,
      view: () => {
        const level = trustLevel(this.anchor);
        return {
          state: this.#state,
          tooOld: this.#tooOld.height,
          consensus: this.#consensus.state,
          lackingWitnesses: this.#macro.lackingWitnesses,
          trust: reaches(level, settings.trustAtLeast) ? undefined : { level, wanted: settings.trustAtLeast },
          doubt: this.#judge.doubt,
          unknown: this.#unknown ? chain.head.height : undefined,
          undecided: chain.undecided !== undefined && chain.undecided > chain.head.height ? chain.electionHead.height : undefined,
        };
      },
      onPhase: (phase, reason) => this.events.emit('phase', { phase, reason }),
    });
  }

  /** Reports what was observed about a peer outside the sync; it is judged like the sync's own reports. */
  report(peer: PeerId, report: PeerReport): void {
    this.#judge.report(peer, report);
  }

  /** Nothing that the peer has sent counts any longer. */
  #dropWordOf(peer: PeerId): void {
    this.#asker.copies.dropPeer(peer);
    this.#live.dropPeer(peer);
  }

  #stateOf({ id, state, height, reason }: PicoPeer): SyncPeerState {
    const doubted = state === 'aside' || (state !== 'banned' && state !== 'gone' && pastWays.some((way) => this.#judge.suspectsPast(id, way)));
    return { id, state, height, reason, doubted };
  }

  #onPeer(peer: PicoPeer): void {
    this.events.emit('peer', this.#stateOf(peer));
    this.#liveChanged();
  }

  #liveChanged(): void {
    if (this.#state !== 'running') return;
    const count = this.#macro.live().length;
    if (count > this.#liveCount) this.#live.peerAdded();
    const wasReady = this.#consensus.ready;
    const before = this.#liveCount;
    this.#liveCount = count;
    if (count > 0) this.#macro.prover.start();
    // Peers on trial may be liars: they take part, but do not count for consensus.
    this.#consensus.peers(this.#macro.live().filter((id) => !this.#judge.onTrial(id)).length);
    this.#tellConsensus();
    // The first live peer shows where the head is; the peer that completes the required number makes consensus possible.
    if ((this.#consensus.ready && !wasReady) || (before === 0 && count > 0)) this.#live.askHeads();
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
    this.#status.update();
  }

  #log(area: 'sync' | 'peers', level: 'info' | 'warning' | 'error', code: LogCode, data: Data): void {
    this.#options.log(area, level, code, data);
  }
}

