/**
 * Writes what the chain takes to its store. A store that fails is given up: the client goes on in memory, and goes back to the database when that works again,
 * with every block that came meanwhile.
 * @module
 */
import type { ChunkStore } from '../../../engine/sync/sync-chain.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { SyncError } from '../../../engine/sync/sync-error.ts';
import { KeptPeers } from '../../../storage/kept-peers.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { StoreAheadError } from '../../../storage/store-ahead-error.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { HotStuff2Store } from '../store/hotstuff2-store.ts';
import type { StoredChange } from '../store/hotstuff2-store.ts';
import type { FinalChange } from './final-change.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

export interface KeeperOptions {
  readonly rows: OwnedRows;
  /** 32 bytes, the hash of the network's parameters. */
  readonly parameters: Uint8Array;
  /** Bytes of headers and state at most. */
  readonly cap: number;
  /** The store has failed with this code of `StorageError`, when the newest final block had this height. */
  readonly failed?: ((code: StorageError['code'], height: number) => void) | undefined;
  /** The kind or the size of the store has changed. */
  readonly changed?: (() => void) | undefined;
  /** Marks the database for a wipe that does not reach it. True: the mark is made. Undefined: there is no other database. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
  /** Whether a halt that other rows have is one by our rules; see `isHaltProven`. Default: it is. */
  readonly isProven?: ((halt: Halt) => Promise<boolean>) | undefined;
}

export class StoreKeeper {
  readonly peers: KeptPeers;
  readonly #options: KeeperOptions;
  #store: HotStuff2Store;
  #chain!: HotStuff2Chain;
  #last: Promise<unknown> = Promise.resolve();
  /** It was wiped while it was in memory: the database is still to be wiped. */
  #wipeLater = false;
  #owed: 'marked' | 'later' | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#store = new HotStuff2Store(options.rows, options.cap);
    this.peers = new KeptPeers(options.rows);
  }

  /** The chain that is kept; called before anything is written, and when another one takes its place. */
  attach(chain: HotStuff2Chain): void {
    this.#chain = chain;
  }

  get store(): HotStuff2Store {
    return this.#store;
  }

  /** See `FollowedChain.store`. */
  get wipeOwed(): 'marked' | 'later' | undefined {
    return this.#owed;
  }

  readonly chunks: ChunkStore = {
    load: (snapshot) => this.#store.chunks.load(snapshot),
    put: (snapshot, index, chunk) => this.#store.chunks.put(snapshot, index, chunk),
    clear: () => this.#store.chunks.clear(),
  };

  /** Resolves when the change is stored, or the client has gone over to memory. */
  keep(change: FinalChange): Promise<void> {
    return this.#write((store) => store.keep({ ...change, ...this.#facts }));
  }

  /** A halt because of a state is not kept: after a start the state is computed again, by a newer client perhaps. */
  async keepHalt(halt: Halt): Promise<void> {
    if (halt.reason === undefined) await this.#write((store) => store.keepHalt(halt));
  }

  /** Deletes everything, what is known of peers too, and calls `reset`. Rejects with `StorageError`; nothing has changed then. */
  wipe(reset: () => void): Promise<void> {
    return this.#inOrder(async () => {
      await this.#store.wipe({ also: this.peers.deletion });
      this.peers.wiped();
      this.#wipeLater = this.#store.kind === 'memory';
      const { markWipe } = this.#options;
      this.#owed = !this.#wipeLater || !markWipe ? undefined : (await markWipe()) ? 'marked' : 'later';
      reset();
    });
  }

  async flush(): Promise<void> {
    await this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#store.close();
  }

  /**
   * Goes on in these rows. If they have a part of this chain, what is missing is added to it; else the chain takes the place of what they have, as it does if the
   * client was wiped meanwhile. A halt in the rows stays, but for a wipe, and the chain stands still for it. Rejects with `StorageError`, `StoreAheadError`, or `SyncError` `halted` where the chain ends with
   * a block whose state cannot be computed: then the client stays where it is, and the rows are the caller's to close.
   */
  moveTo(rows: OwnedRows): Promise<void> {
    return this.#inOrder(async () => {
      const halt = this.#chain.halted();
      // With that block the halt would be over after a restart, and the state gone.
      if (halt?.reason && halt.height <= this.#chain.tip().height) throw new SyncError('halted', `block ${halt.height} is not stored`, { height: halt.height, reason: halt.reason });
      const next = new HotStuff2Store(rows, this.#options.cap);
      if (this.#wipeLater) await next.wipe({ also: this.peers.deletion });
      this.#wipeLater = false;
      this.#owed = undefined;
      const [stored, found] = [await next.load(), await next.halt()];
      const root = typeof stored === 'string' ? undefined : stored.record.root;
      const { height } = this.#chain.tip();
      if (root && root.header.height > height) throw new StoreAheadError(root.header.height, height);
      const isOurs = root !== undefined && this.#chain.headers.idAt(root.header.height) === root.id;
      const missing = isOurs ? await this.#changeFrom(root.header.height + 1, false) : undefined;
      if (missing) await next.keep({ ...missing, wholeState: true });
      else {
        const from = this.#store.from;
        const whole = (from === undefined ? undefined : await this.#changeFrom(from, true)) ?? this.#change(this.#newest(), true);
        if (whole.items.length > 0) await next.keep(whole);
        else if (stored !== 'none') await next.wipe({ keepsHalt: true });
      }
      await this.peers.moveTo(rows);
      const before = this.#store;
      this.#store = next;
      if (found && !this.#chain.halted()) {
        if ((await this.#options.isProven?.(found)) ?? true) this.#chain.restoreHalt(found);
        else await next.dropHalt();
      }
      this.#options.changed?.();
      await before.close().catch(() => undefined);
    });
  }

  get #facts(): Pick<StoredChange, 'checked' | 'links' | 'halt'> {
    const halt = this.#chain.halted();
    return { checked: this.#chain.checked, links: this.#chain.sets.links, halt: halt?.reason === undefined ? halt : undefined };
  }

  #change(items: readonly Hs2Item[], replaces: boolean): StoredChange {
    return { items, replaces, root: this.#chain.final, state: this.#chain.state, pending: this.#chain.pending, ...this.#facts };
  }

  /** All final blocks from this height up to the newest; undefined if not all of them are here. The newest may not be in the store yet. */
  async #changeFrom(from: number, replaces: boolean): Promise<StoredChange | undefined> {
    const stored = from <= this.#chain.tip().height ? await this.#store.run(from) : [];
    // The chain does not wait: from here on everything is of one moment.
    const { height } = this.#chain.tip();
    const items: Hs2Item[] = [];
    for (let at = from; at <= height; at += 1) {
      const item = this.#chain.headers.get(at) ?? stored[at - from];
      if (item === undefined || item.id !== this.#chain.headers.idAt(at)) return undefined;
      items.push(item);
    }
    return this.#change(items, replaces);
  }

  /** The newest final blocks that are in memory, without a gap, ascending; without the one that the chain begins with. */
  #newest(): readonly Hs2Item[] {
    const { anchor } = this.#chain.trust();
    const items: Hs2Item[] = [];
    for (let at = this.#chain.tip().height; ; at -= 1) {
      const item = this.#chain.headers.get(at);
      if (item === undefined || at <= anchor.height) return items.toReversed();
      items.push(item);
    }
  }

  #write(work: (store: HotStuff2Store) => Promise<void>): Promise<void> {
    return this.#inOrder(async () => {
      try {
        await work(this.#store);
        this.#options.changed?.();
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        await this.#retreat(error);
      }
    });
  }

  async #retreat(error: StorageError): Promise<void> {
    const { parameters, cap, failed, changed } = this.#options;
    await this.#store.close().catch(() => undefined);
    const rows = new OwnedRows(new MemoryRows(), parameters);
    this.#store = new HotStuff2Store(rows, cap);
    this.peers.retreatTo(rows);
    // Rows in memory do not fail.
    await this.#store.keep(this.#change(this.#newest(), true));
    failed?.(error.code, this.#chain.tip().height);
    changed?.();
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
