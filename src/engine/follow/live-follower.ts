// Tests: `src/engine/follow/follow-client.test.ts`.
/**
 * The one thread of work of a client: it syncs until it has caught up, then takes announced blocks one after the other, and goes back to the sync
 * when it is too far behind. Everything that changes the chain runs here, so that no two changes overlap.
 * @module
 */

import { type Clock, sleep } from '../../base/clock.ts';
import { codeOf } from '../../base/coded-error.ts';
import { joinSignals } from '../../base/tasks.ts';
import type { ClientLog } from '../client-log.ts';
import { SyncError } from '../sync/sync-error.ts';
import type { SyncManager } from '../sync/sync-manager.ts';
import type { Tip } from '../sync/sync-chain.ts';
import { AnnouncementQueue } from './announcement-queue.ts';
import { type CatchUpPeers, CatchUp } from './catch-up.ts';
import type { Announcement, FollowedChain, Halt, Outcome } from './followed-chain.ts';

/** `sync`: announcements are kept for later. `paused`: a page has stopped the client, announcements are dropped. `halted`: until the chain is wiped. */
export type FollowMode = 'sync' | 'live' | 'paused' | 'halted';

/** Milliseconds from a claim above our head until it is looked at: by then the block itself has mostly been announced. */
const CLAIM_WAIT = 500;
/** Milliseconds before a failed sync is tried again: first, doubled up to the longest, as for dials. */
const RETRY = { first: 1_000, longest: 30_000 };

export interface LiveFollowerOptions<B, F> extends CatchUpPeers<B> {
  readonly chain: FollowedChain<B, F>;
  readonly sync: Pick<SyncManager<B>, 'startSync' | 'stopSync' | 'syncStateToHeight'>;
  readonly clock: Clock;
  readonly log: ClientLog;
  /** Blocks; see `SyncConfig`. */
  readonly maxBehindBlocks: number;
  /** Milliseconds; see `SyncConfig`. */
  readonly peerTimeout: number;
  readonly headersOnly: boolean;
  readonly moved: (change: NonNullable<Outcome<B>['earlier']>) => void;
  readonly onHalted: (halt: Halt) => void;
  /** The mode has changed. */
  readonly onChange: () => void;
}

interface Wish {
  readonly run: () => Promise<Tip>;
  /** Mode before it: the client goes back to it. */
  readonly back: FollowMode;
  readonly resolve: (tip: Tip) => void;
  readonly reject: (error: unknown) => void;
}

export class LiveFollower<B, F> {
  readonly #options: LiveFollowerOptions<B, F>;
  readonly #queue = new AnnouncementQueue<B, F>();
  readonly #catchUp: CatchUp<B>;
  readonly #tasks: (() => Promise<void>)[] = [];
  readonly #ending = new AbortController();
  #mode: FollowMode = 'sync';
  #wish: Wish | undefined;
  #failures = 0;
  #wake = new AbortController();
  #cancelLook: (() => void) | undefined;
  #lookDue = false;
  #running: Promise<void> | undefined;

  constructor(options: LiveFollowerOptions<B, F>) {
    this.#options = options;
    this.#catchUp = new CatchUp({
      ...options,
      proofTime: options.peerTimeout,
      push: async (peer, item) => this.#took(peer, await options.chain.push(item, this.#ending.signal)),
      far: () => {
        if (this.#mode === 'live') this.#leaveLive();
      },
      due: () => this.#look(),
    });
  }

  get mode(): FollowMode {
    return this.#mode;
  }

  start(): void {
    const halt = this.#options.chain.halted?.();
    if (halt) this.halt(halt);
    this.#running = this.#run();
  }

  announced(peer: string, announcement: Announcement<B, F>): void {
    if (this.#mode === 'paused' || this.#mode === 'halted') return;
    // What a chain that polls has learned beside the blocks.
    const halt = this.#options.chain.halted?.();
    if (halt) return this.halt(halt);
    this.#queue.push(peer, announcement);
    this.#woken();
  }

  /** A peer joined, or its claims have changed. */
  claimed(): void {
    if (this.#cancelLook || this.#mode !== 'live') return;
    this.#cancelLook = this.#options.clock.after(CLAIM_WAIT, () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  /** A peer is gone. */
  left(peer: string, banned: boolean): void {
    if (banned) this.#queue.leave(peer);
    this.#catchUp.left(peer);
  }

  /** The head has not moved for too long: the peers are asked for proofs of something newer. */
  resync(): void {
    if (this.#mode === 'live') this.#setMode('sync');
  }

  /** Syncs by the wish of a page, and then goes on as before; without a target, follows live after it. Rejects with `SyncError`. */
  wish(kind: 'sync' | 'state', target?: number): Promise<Tip> {
    const { sync } = this.#options;
    if (this.#mode === 'halted') return Promise.reject(new SyncError('halted', 'the chain stands still'));
    if (this.#wish || this.#mode === 'sync') return Promise.reject(new SyncError('busy', 'a sync runs already'));
    const run = () => (kind === 'state' && target !== undefined ? sync.syncStateToHeight(target) : sync.startSync(target));
    return new Promise((resolve, reject) => {
      this.#wish = { run, resolve, reject, back: target === undefined ? 'live' : this.#mode };
      this.#setMode('sync');
    });
  }

  /** Stops sync and live following, until a page starts it again. */
  async pause(): Promise<void> {
    if (this.#mode === 'halted' || this.#mode === 'paused') return;
    this.#setMode('paused');
    this.#queue.clear();
    this.#dropWish('stopped');
    await this.#options.sync.stopSync();
  }

  /** Runs work that changes the chain while nothing else does. A running sync is stopped for it and goes on afterwards. */
  exclusive<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#ending;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#tasks.push(() => work(signal).then(resolve, reject));
      this.#woken();
      if (this.#mode === 'sync') void this.#options.sync.stopSync();
    });
  }

  /** The chain was put back to its genesis, or replaced. */
  restart(): void {
    this.#queue.clear();
    this.#catchUp.clear();
    this.#setMode('sync');
  }

  /** Stands still until the chain is wiped. */
  halt({ height, reason, evidence }: Halt): void {
    if (this.#mode === 'halted') return;
    this.#setMode('halted');
    this.#queue.clear();
    this.#dropWish('halted');
    // It may have been found outside of a sync that runs.
    void this.#options.sync.stopSync();
    this.#options.onHalted({ height, evidence, ...(reason && { reason }) });
  }

  async stop(reason: Error): Promise<void> {
    this.#ending.abort(reason);
    this.#cancelLook?.();
    this.#dropWish('stopped');
    this.#woken();
    await this.#options.sync.stopSync();
    await this.#running;
    this.#catchUp.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#step(signal);
      } catch (error) {
        if (!signal.aborted) this.#options.log.add('hub', 'error', 'task-failed', { message: String(error).slice(0, 200) });
      }
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const task = this.#tasks.shift();
    if (task) {
      // It may replace what a proof is about.
      this.#catchUp.stop();
      this.#lookDue = true;
      return task();
    }
    if (this.#mode === 'sync') return this.#sync(signal);
    if (this.#mode === 'live') {
      const announced = this.#queue.shift();
      if (announced) return this.#take(announced.peer, announced.announcement, signal);
      if (this.#lookDue) {
        this.#lookDue = false;
        return this.#catchUp.look(signal);
      }
    }
    await new Promise<void>((resolve) => {
      this.#wake = new AbortController();
      this.#wake.signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
  }

  async #sync(signal: AbortSignal): Promise<void> {
    const { sync, log, chain, clock } = this.#options;
    const wish = this.#wish;
    try {
      const tip = await (wish ? wish.run() : sync.startSync());
      this.#failures = 0;
      wish?.resolve(tip);
      // It may have been paused or halted at the very end, or a page wishes for something else by now.
      if (this.#endWish(wish) || this.#mode !== 'sync') return;
      const halt = chain.halted?.();
      if (halt) return this.halt(halt);
      this.#queue.covered(tip.height);
      log.add('sync', 'info', 'sync-caught-up', { height: tip.height });
      this.#setMode(wish?.back ?? 'live');
      this.#lookDue = true;
    } catch (error) {
      if (signal.aborted) return;
      const code = codeOf(error);
      if (code === 'halted') this.halt(chain.halted?.() ?? { height: chain.tip().height, evidence: [new Uint8Array(0), new Uint8Array(0)] });
      // It was stopped for a task, and goes on after it: a page's wish, too.
      if (code === 'stopped' && this.#tasks.length > 0) return;
      wish?.reject(error);
      if (this.#endWish(wish)) return;
      if (wish && this.#mode === 'sync') this.#setMode(wish.back);
      if (this.#mode !== 'sync') return;
      log.add('sync', 'warning', 'sync-failed', { reason: code, height: chain.tip().height });
      if (this.#tasks.length > 0) return;
      const wait = Math.min(RETRY.longest, RETRY.first * 2 ** Math.min(this.#failures, 16));
      this.#failures++;
      this.#wake = new AbortController();
      const both = joinSignals(signal, this.#wake.signal);
      await sleep(clock, wait, both.signal).catch(() => undefined);
      both.release();
    }
  }

  /** The wish is over. True if a page has wished for something else meanwhile. */
  #endWish(wish: Wish | undefined): boolean {
    if (this.#wish === wish) this.#wish = undefined;
    return this.#wish !== undefined;
  }

  #dropWish(code: 'stopped' | 'halted'): void {
    this.#wish?.reject(new SyncError(code, 'the sync has ended'));
    this.#wish = undefined;
  }

  async #take(peerId: string, announcement: Announcement<B, F>, signal: AbortSignal): Promise<void> {
    const { chain, peer: find, maxBehindBlocks } = this.#options;
    const give = () => (announcement.kind === 'block' ? chain.push(announcement.item, signal) : chain.finalize(announcement.proof, signal));
    const outcome = await give();
    const peer = find(peerId);
    this.#took(peerId, outcome);
    if (outcome.kind !== 'gap' || peer === undefined) return;
    const last = announcement.kind === 'block' ? announcement.item.height - 1 : Math.max(outcome.from, peer.claims.height);
    this.#lookDue = true;
    if (this.#catchUp.rests(peerId)) return;
    if (last - outcome.from + 1 > maxBehindBlocks) return void this.#catchUp.proveFar(peer);
    await this.#catchUp.fetch(peer, outcome.from, last, signal);
    const again = await give();
    this.#took(peerId, again);
    // This peer does not have what is missing, or we are on another branch. Others may have it, and what is final is fetched by the sync.
    if (again.kind === 'gap') void this.#catchUp.proveBeyond(peer);
  }

  /** Acts on what came of a block or a proof. True if more of the same peer may be taken. */
  #took(peer: string, outcome: Outcome<B>): boolean {
    if (outcome.earlier) this.#options.moved(outcome.earlier);
    switch (outcome.kind) {
      case 'adopted':
        this.#options.moved(outcome);
        return true;
      case 'fault':
        this.#options.fault(peer, outcome.fault);
        return false;
      case 'halted':
        this.halt(outcome);
        return false;
      case 'gap':
        return false;
      case 'known':
      case 'held':
        return true;
    }
  }

  #leaveLive(): void {
    const { log, chain } = this.#options;
    log.add('sync', 'info', 'sync-behind', { height: chain.head().height, target: this.#catchUp.proven });
    this.#setMode('sync');
  }

  #setMode(mode: FollowMode): void {
    if (this.#mode === mode) return this.#woken();
    this.#mode = mode;
    this.#catchUp.stop();
    this.#woken();
    this.#options.onChange();
  }

  #look(): void {
    this.#lookDue = true;
    this.#woken();
  }

  #woken(): void {
    this.#wake.abort();
  }
}
