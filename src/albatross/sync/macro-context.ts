import { sleep } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { Tasks } from '../../engine/tasks.ts';
import type { Anchor } from '../../engine/trust.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Asker } from './asker.ts';
import type { BulkVerifier } from './bulk-verifier.ts';
import { servesMacroBlocks } from './net.ts';
import type { PeerId, PeerReport } from './net.ts';
import type { PicoPeer } from './pico-peer.ts';
import type { ProofKeeper } from '../chain/proof-record.ts';
import type { ProofProgress } from './prover.ts';
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
  readonly onPeer: (peer: PicoPeer) => void;
  readonly onAnchor: (anchor: Anchor) => void;
  /** The verification of the past goes on, waits or is over (undefined). */
  readonly onProof: (progress: ProofProgress | undefined) => void;
  readonly log: (level: 'info' | 'warning' | 'error', code: string, data: Data) => void;
  readonly onNotice: (level: 'info' | 'warning' | 'error', code: string, data: Data) => void;
  /** The chain we had is set aside. */
  readonly onAbandoned: (data: Data) => void;
  readonly onTooNew: (peer: PeerId, height: number) => void;
  /** Epochs done and to do of a running catch-up; undefined when it is over. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number } | undefined) => void;
}

/**
 * What the parts of the macro sync share: the peers, what the chain stands on, and the way to have a peer's head asked for.
 */
export class MacroContext {
  readonly options: MacroSyncOptions;
  readonly peers = new Map<PeerId, PicoPeer>();
  /** The chain is to be verified from genesis: nothing more is taken on trust. */
  fromGenesis = false;
  /** The chain is being replaced: nobody is to push anything. */
  replacing = false;
  #anchor: Anchor;
  readonly #askHead: (entry: PicoPeer, signal: AbortSignal) => Promise<void>;

  /** `askHead`: asks a peer for its head until it is clear where it stands. */
  constructor(options: MacroSyncOptions, anchor: Anchor | undefined, askHead: (entry: PicoPeer, signal: AbortSignal) => Promise<void>) {
    this.options = options;
    this.#anchor = anchor ?? this.genesisAnchor();
    this.#askHead = askHead;
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  setAnchor(anchor: Anchor): void {
    this.#anchor = anchor;
    this.options.onAnchor(anchor);
  }

  genesisAnchor(): Anchor {
    const { height, hash } = this.options.chain.genesis;
    return { kind: 'genesis', height, hash, witnesses: [], fewWitnesses: false };
  }

  /** Whether the chain stands on something: blocks of its own, or the decision to verify from genesis. */
  get anchored(): boolean {
    return this.fromGenesis || this.options.chain.head.height > this.options.chain.genesis.height;
  }

  get entries(): readonly PicoPeer[] {
    return Array.from(this.peers.values());
  }

  /** Whoever can be asked for macro blocks. */
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

  /** Asks again after `wait`, unless something else has happened to the peer. */
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

  /** A peer did not answer. Too often in a row, and it is let go. */
  silent(id: PeerId): void {
    const entry = this.peers.get(id);
    if (!entry) return;
    entry.silences += 1;
    if (entry.silences >= this.options.settings.askAttempts) this.options.disconnect(id, 'unresponsive');
  }
}
