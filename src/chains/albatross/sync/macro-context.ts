// Tests: `src/chains/albatross/sync/albatross-sync-macro.test.ts`.
import { sleep } from '../../../base/clock.ts';
import type { Clock } from '../../../base/clock.ts';
import type { LogCode, NoticeCode } from '../../../base/log-codes.ts';
import type { Random } from '../../../base/random.ts';
import type { Tasks } from '../../../base/tasks.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Asker } from './ask/asker.ts';
import type { BulkVerifier } from './past/bulk-verifier.ts';
import type { PastWay, VerifiedPast } from './past/past-doubt.ts';
import { servesMacroBlocks } from './net.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { PicoPeer } from './pico-peer.ts';
import type { ProofKeeper } from '../chain/proof-record.ts';
import type { ProofProgress } from './proof-progress.ts';
import type { SyncSettings } from './settings.ts';

export type Data = Readonly<Record<string, string | number>>;

export interface MacroSyncOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly bulk: BulkVerifier;
  readonly proofs: ProofKeeper;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  readonly tasks: Tasks;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  readonly disconnect: (peer: PeerId, reason: string) => void;
  /** Whether the peer is not to be asked for this way to verify the past. */
  readonly suspectsPast: (peer: PeerId, way: PastWay) => boolean;
  /** Election blocks of the past were verified, in whatever way. */
  readonly pastVerified: (blocks: readonly VerifiedPast[]) => void;
  readonly onPeer: (peer: PicoPeer) => void;
  readonly onAnchor: (anchor: Anchor) => void;
  /** The verification of the past progresses, waits or is over (undefined). */
  readonly onProof: (progress: ProofProgress | undefined) => void;
  readonly log: (level: 'info' | 'warning' | 'error', code: LogCode, data: Data) => void;
  readonly onNotice: (level: 'info' | 'warning' | 'error', code: NoticeCode, data: Data) => void;
  /** Our chain is set aside. */
  readonly onAbandoned: (data: Data) => void;
  /** Whether for some time no heard peer has known our chain. Called repeatedly. */
  readonly onUnknown: (unknown: boolean) => void;
  readonly onTooNew: (peer: PeerId, height: number) => void;
  /** Epochs done and to do in a running catch-up; undefined when it is over. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number } | undefined) => void;
}

/**
 * State shared by the parts of the macro sync: the peers, the chain's anchor, and the way to have a peer's head requested.
 */
export class MacroContext {
  readonly options: MacroSyncOptions;
  readonly peers = new Map<PeerId, PicoPeer>();
  /** The chain is to be verified from genesis: nothing more is taken on trust. */
  fromGenesis = false;
  /** The chain is being replaced: no part of the sync may push blocks. */
  replacing = false;
  #anchor: Anchor;
  /** The anchor that an earlier session left. */
  readonly #restored: Anchor | undefined;
  readonly #askHead: (entry: PicoPeer, signal: AbortSignal) => Promise<void>;

  /** `askHead`: asks a peer for its head until it is clear where it stands. */
  constructor(options: MacroSyncOptions, anchor: Anchor | undefined, askHead: (entry: PicoPeer, signal: AbortSignal) => Promise<void>) {
    this.options = options;
    this.#anchor = anchor ?? this.genesisAnchor();
    this.#restored = anchor;
    this.#askHead = askHead;
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  /** Whether the anchor's witnesses vouched in an earlier session, not in this one. */
  restored({ kind, hash }: Anchor): boolean {
    return this.#restored?.kind === kind && this.#restored.hash === hash;
  }

  setAnchor(anchor: Anchor): void {
    this.#anchor = anchor;
    this.options.onAnchor(anchor);
  }

  genesisAnchor(): Anchor {
    const { height, hash } = this.options.chain.genesis;
    return { kind: 'genesis', height, hash, witnesses: [], fewWitnesses: false };
  }

  /** Whether the chain has a basis: blocks of its own, or the decision to verify from genesis. */
  get anchored(): boolean {
    return this.fromGenesis || this.options.chain.head.height > this.options.chain.genesis.height;
  }

  get entries(): readonly PicoPeer[] {
    return Array.from(this.peers.values());
  }

  /** The peers that can be asked for macro blocks. */
  get able(): readonly PicoPeer[] {
    return this.entries.filter(({ state, peer }) => state !== 'aside' && state !== 'banned' && state !== 'gone' && servesMacroBlocks(peer, this.options.settings.requiredServices));
  }

  askAndWait(entry: PicoPeer, signal: AbortSignal): Promise<void> {
    return this.#askHead(entry, signal);
  }

  ask(entry: PicoPeer): void {
    this.options.tasks.run((signal) => this.#askHead(entry, signal), entry.signal);
  }

  askAll(state: PicoPeer['state']): void {
    for (const entry of this.entries) if (entry.state === state) this.ask(entry);
  }

  /** Asks the peer again after `wait`, unless its state has changed meanwhile. */
  recheck(entry: PicoPeer, wait: number): void {
    const { state } = entry;
    this.options.tasks.run(async (signal) => {
      await sleep(this.options.clock, wait, signal);
      if (entry.state === state) await this.#askHead(entry, signal);
    }, entry.signal);
  }

  /** Calls `then` after `wait` milliseconds. */
  after(wait: number, then: () => void): void {
    this.options.tasks.run(async (signal) => {
      await sleep(this.options.clock, wait, signal);
      then();
    });
  }

  /** A peer did not answer. After too many silences in a row it is disconnected. */
  silent(id: PeerId): void {
    const entry = this.peers.get(id);
    if (!entry) return;
    entry.silences += 1;
    if (entry.silences >= this.options.settings.askAttempts) this.options.disconnect(id, 'unresponsive');
  }
}
