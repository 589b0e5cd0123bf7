/**
 * Writes what the chain takes to its store, and keeps the store within its bound. A store that fails is given up: the client goes on in memory, and goes back to the database
 * when that works again, with the chain as it is then.
 * @module
 */
// Tests: `src/chains/moloch/client/store-keeper.test.ts`.
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { ChunkStore, Item } from '../../../engine/sync/sync-chain.ts';
import { KeptPeers } from '../../../storage/kept-peers.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import { verifySignature, type VerifySignature } from '../chain/verify-signature.ts';
import { MolochStore, type StoredBase } from '../store/moloch-store.ts';
import { parametersHash } from '../store/stored-records.ts';
import type { IsKey } from '../wire/bincode.ts';
import type { MolochChain, MolochSink } from './moloch-chain.ts';
import { restoreHalt } from './restore-chain.ts';
import { missingIn } from './missing-blocks.ts';
import { baseAt } from './stored-base.ts';

export interface KeeperOptions {
  readonly rows: OwnedRows;
  readonly isKey: IsKey;
  /** Default: in this thread. */
  readonly verify?: VerifySignature | undefined;
  /** Bytes that are stored at most. */
  readonly cap: number;
  /** The store has failed with this code of `StorageError`. */
  readonly failed: (code: StorageError['code']) => void;
  /** The kind or the size of the store has changed. */
  readonly changed: () => void;
  /** Marks the database for a wipe that does not reach it. True: the mark is made. Undefined: there is no other database. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
}

export class StoreKeeper implements MolochSink {
  readonly peers: KeptPeers;
  readonly #options: KeeperOptions;
  #store: MolochStore;
  #chain!: MolochChain;
  #last: Promise<unknown> = Promise.resolve();
  /** It was wiped while it was in memory: what the database knows of peers is still to be wiped. */
  #wipeLater = false;
  #owed: 'marked' | 'later' | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#store = new MolochStore(options.rows, options.isKey);
    this.peers = new KeptPeers(options.rows);
  }

  /** The chain whose sink it is; called once, before anything is written. */
  attach(chain: MolochChain): void {
    this.#chain = chain;
  }

  get store(): MolochStore {
    return this.#store;
  }

  get kind(): 'indexeddb' | 'memory' {
    return this.#store.kind;
  }

  /** Bytes that are stored. */
  get bytes(): number {
    return this.#store.blockBytes + this.#store.otherBytes;
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

  blocks(items: readonly Item<MolochBlock>[]): Promise<void> {
    return this.#write(async (store) => {
      await store.append(items, this.#chain.state.trust.milliseconds);
      await this.#bound(store);
    });
  }

  replaced(): Promise<void> {
    return this.#write(async (store) => {
      const base = this.#baseAt(this.#chain.tip().height);
      if (base) await store.replaceBase(base, false);
    });
  }

  halted(halt: Halt): Promise<void> {
    return this.#write((store) => store.keepHalt(halt));
  }

  /** Deletes everything, what is known of peers too, and puts the chain back to genesis. Rejects with `StorageError`; nothing has changed then. */
  wipe(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#store.wipe(this.peers.deletion);
      this.peers.wiped();
      this.#wipeLater = this.kind === 'memory';
      const { markWipe } = this.#options;
      this.#owed = !this.#wipeLater || !markWipe ? undefined : (await markWipe()) ? 'marked' : 'later';
      this.#chain.reset();
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
   * Goes on in these rows. If they have a part of this chain, the blocks that are missing are added to it; else, or if not all of them are in memory, the chain takes
   * the place of what they have, with its tip as the base. A halt in the rows stays, but for a wipe, and the chain stands still for it. Rejects with `StorageError` or
   * `StoreAheadError`; the client then stays where it is.
   */
  moveTo(rows: OwnedRows): Promise<void> {
    return this.#inOrder(async () => {
      const next = new MolochStore(rows, this.#options.isKey);
      if (this.#wipeLater) await next.wipe(this.peers.deletion);
      this.#wipeLater = false;
      this.#owed = undefined;
      const found = await next.halt();
      const halt = this.#chain.halted() ?? found;
      const missing = await missingIn(next, this.#chain);
      if (missing) {
        if (missing.length > 0) await next.append(missing, this.#chain.state.trust.milliseconds);
        if (halt) await next.keepHalt(halt);
        await this.#bound(next);
      } else {
        // In one transaction: a database that fails again loses neither its chain nor its halt.
        const base = this.#baseAt(this.#chain.tip().height);
        const halts = halt ? [next.haltRow(halt)] : [];
        if (base) await next.replaceBase(base, false, [next.spentRow(this.#chain.state.trust.milliseconds), ...halts]);
        else await next.wipe(halts);
      }
      await this.peers.moveTo(rows);
      this.#store = next;
      if (found && !this.#chain.halted()) await restoreHalt(this.#chain, found, this.#options.verify ?? verifySignature);
      this.#options.changed();
    });
  }

  #baseAt(height: number): StoredBase | undefined {
    return baseAt(this.#chain.state, this.#chain.parameters.validators, height);
  }

  /** A client in memory writes no blocks: it has them. */
  #write(work: (store: MolochStore) => Promise<void>): Promise<void> {
    return this.#inOrder(async () => {
      if (this.kind === 'memory') return;
      try {
        await work(this.#store);
        this.#options.changed();
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        await this.#store.close().catch(() => undefined);
        const rows = new OwnedRows(new MemoryRows(), parametersHash(this.#chain.parameters));
        this.#store = new MolochStore(rows, this.#options.isKey);
        this.peers.retreatTo(rows);
        this.#options.failed(error.code);
        this.#options.changed();
      }
    });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Moves the base up, so that the newest blocks alone are stored whole. The hashes of all blocks stay, 32 bytes each; the index goes where it has no room. */
  async #bound(store: MolochStore): Promise<void> {
    const { cap } = this.#options;
    // With an eighth for blocks even where hashes fill the rest, it is not done at every block.
    if (store.blockBytes <= Math.max(cap - store.otherBytes, cap / 8)) return;
    const { height: tip } = this.#chain.tip();
    let height = tip;
    for (let kept = store.sizeAt(tip); height > 1 && kept <= Math.max((cap - 32 * tip) / 2, cap / 16); kept += store.sizeAt(height)) height -= 1;
    while (height < tip && !this.#baseAt(height)) height += 1;
    const base = this.#baseAt(height);
    if (!base) return;
    const hasRoom = 32 * height + 44 * base.index.length <= cap / 2;
    await store.replaceBase(hasRoom ? base : { ...base, record: { ...base.record, indexed: false }, index: [] }, true);
  }
}
