// Tests: `src/chains/stacks/client/store-keeper.test.ts`.
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { KeptPeers } from '../../../storage/kept-peers.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite } from '../../../storage/rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { StoreAheadError } from '../../../storage/store-ahead-error.ts';
import type { StacksInventory } from '../chain/details.ts';
import { MAX_STORED, StacksStore } from '../store/stacks-store.ts';
import { recordOf, storedOf } from './chain-file.ts';
import type { StacksChain, StacksChange } from './stacks-chain.ts';

export interface KeeperOptions {
  readonly rows: OwnedRows;
  /** Rows in memory, for when writes to `rows` fail. */
  readonly memory: () => OwnedRows;
  /** The cycle of the first hand-over. */
  readonly firstCycle: number;
  readonly chain: () => StacksChain;
  /** Whether a halt that is stored holds, with the chain as it is. */
  readonly stands: (halt: Halt) => Promise<boolean>;
  /** A write has failed with this code of `StorageError`, and the client goes on in memory. */
  readonly failed: (code: StorageError['code']) => void;
  /** Kind or size has changed. */
  readonly changed: () => void;
  /** Marks the database for a wipe that does not reach it. True: the mark is made. Undefined: there is no other database. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
}

/** Writes what the chain tells. A store that fails is given up: the client goes on in memory, until the database works again (`moveTo`). */
export class StoreKeeper {
  readonly peers: KeptPeers;
  readonly #options: KeeperOptions;
  #store: StacksStore;
  /** It was wiped while it was in memory: the database is still to be wiped. */
  #wipeLater = false;
  #owed: 'marked' | 'later' | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#store = new StacksStore(options.rows);
    this.peers = new KeptPeers(options.rows);
  }

  get store(): StacksStore {
    return this.#store;
  }

  /** Resolves when it is stored, or the client has gone over to memory. One write at a time. */
  keep({ blocks, root, replaces }: StacksChange): Promise<void> {
    return this.#write(async (store) => {
      const { chain, firstCycle } = this.#options;
      const { record, handOvers } = recordOf(chain());
      const { height, id, time, cycle } = root;
      await store.keep({ record: { ...record, root: { height, id, time, cycle } }, handOvers, firstCycle, blocks, replaces });
    });
  }

  /** Hand-overs were learned: they are stored with the next block, or here. */
  keepCycles(): Promise<void> {
    return this.keep({ blocks: [], root: this.#options.chain().root, replaces: false });
  }

  keepHalt(halt: Halt): Promise<void> {
    return this.#write((store) => store.keepHalt(halt));
  }

  /** The chain stands still for a stored halt that holds; another one is deleted. */
  async loadHalt(): Promise<void> {
    const halt = await this.#store.halt();
    if (!halt) return;
    if (await this.#options.stands(halt)) this.#options.chain().restoreHalt(halt);
    else await this.#write((store) => store.dropHalt());
  }

  keepJumps(): Promise<void> {
    return this.#write((store) => store.keepJumps(this.#options.chain().jumps));
  }

  async inventory(cycle: number): Promise<StacksInventory | undefined> {
    return this.#store.inventory(cycle).catch(() => undefined);
  }

  keepInventory(inventory: StacksInventory): Promise<void> {
    return this.#write((store) => store.keepInventory(inventory));
  }

  /**
   * Goes on in other rows, which get everything that the chain has in one transaction, unless they reach further. A halt in the rows that holds stays, but for a wipe, and
   * the chain stands still for it. Rejects with `StorageError` or `StoreAheadError`; then it goes on as before, and the rows are closed.
   */
  moveTo(rows: OwnedRows): Promise<void> {
    return this.#inOrder(async () => {
      const { chain, changed, stands } = this.#options;
      const next = new StacksStore(rows);
      let found: Halt | undefined;
      try {
        if (this.#wipeLater) await next.wipe({ also: this.peers.deletion });
        const [stored, halt] = [await next.load(), await next.halt()];
        found = halt && (await stands(halt)) ? halt : undefined;
        const [height, ours] = [typeof stored === 'string' ? 0 : stored.record.root.height, chain().tip().height];
        if (height > ours) throw new StoreAheadError(height, ours);
        const own = chain().halted() ?? found;
        await this.#writeAll(next, [own ? next.haltRow(own) : next.noHalt]);
        await this.peers.moveTo(rows);
      } catch (error) {
        await next.close().catch(() => undefined);
        throw error;
      }
      const before = this.#store;
      this.#store = next;
      [this.#wipeLater, this.#owed] = [false, undefined];
      if (found && !chain().halted()) chain().restoreHalt(found);
      changed();
      await before.close().catch(() => undefined);
    });
  }

  /** Deletes everything, what is known of gateways too, and calls `reset`. Throws `StorageError`. */
  wipe(reset: () => void): Promise<void> {
    return this.#inOrder(async () => {
      await this.#store.wipe({ also: this.peers.deletion });
      this.peers.wiped();
      const { markWipe } = this.#options;
      this.#wipeLater = this.#store.kind === 'memory';
      this.#owed = !this.#wipeLater || !markWipe ? undefined : (await markWipe()) ? 'marked' : 'later';
      reset();
    });
  }

  /** See `FollowedChain.store`. */
  get wipeOwed(): 'marked' | 'later' | undefined {
    return this.#owed;
  }

  /** Waits for what is being written. */
  flush(): Promise<void> {
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#store.close();
  }

  #writeAll(store: StacksStore, also: readonly RowWrite[] = []): Promise<void> {
    const { chain, firstCycle } = this.#options;
    return store.keep({ ...storedOf(chain(), MAX_STORED), firstCycle, replaces: true, also: [store.jumpsRow(chain().jumps), ...also] });
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #write(work: (store: StacksStore) => Promise<void>): Promise<void> {
    return this.#inOrder(async () => {
      try {
        await work(this.#store);
        this.#options.changed();
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        await this.#retreat(error);
      }
    });
  }

  async #retreat({ code }: StorageError): Promise<void> {
    const { memory, chain, failed, changed } = this.#options;
    await this.#store.close().catch(() => undefined);
    const rows = memory();
    this.#store = new StacksStore(rows);
    this.peers.retreatTo(rows);
    // Rows in memory do not fail.
    const halt = chain().halted();
    await this.#writeAll(this.#store, halt ? [this.#store.haltRow(halt)] : []);
    failed(code);
    changed();
  }
}
