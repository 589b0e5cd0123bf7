// Tests: `src/chains/stacks/client/store-keeper.test.ts`.
import { codeOf } from '../../../base/coded-error.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { KeptPeers } from '../../../storage/kept-peers.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite } from '../../../storage/rows.ts';
import { StoreAheadError } from '../../../storage/store-ahead-error.ts';
import { mayReturn } from '../../../storage/store-return.ts';
import type { StacksInventory } from '../chain/details.ts';
import { MAX_STORED, StacksStore } from '../store/stacks-store.ts';
import { recordOf, storedOf } from './chain-file.ts';
import type { StacksChain, StacksChange } from './stacks-chain.ts';

export interface KeeperOptions {
  readonly rows: OwnedRows;
  /** The cycle of the first hand-over. */
  readonly firstCycle: number;
  readonly chain: () => StacksChain;
  /** A write has failed, told once for a code: the client follows the chain although nothing is stored. */
  readonly failed: (code: string) => void;
  /** Kind or size has changed. */
  readonly changed: () => void;
  /** Marks the database for a wipe that does not reach it. True: the mark is made. Undefined: there is no other database. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
}

/** Writes what the chain tells. After a failure the next write replaces everything; in memory it waits for the database (`moveTo`). */
export class StoreKeeper {
  readonly peers: KeptPeers;
  readonly #options: KeeperOptions;
  #store: StacksStore;
  #failure: string | undefined;
  #isBehind = false;
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

  /** What is stored is not what the chain has: the next write replaces it. */
  replaceNext(): void {
    this.#isBehind = true;
  }

  /** Resolves when it is stored, or has failed. One write at a time. */
  keep(change: StacksChange): Promise<void> {
    this.#last = this.#last.then(() => this.#keep(change));
    return this.#last;
  }

  /** Hand-overs were learned: they are stored with the next block, or here. */
  keepCycles(): Promise<void> {
    return this.keep({ blocks: [], root: this.#options.chain().root, replaces: false });
  }

  keepHalt(halt: Halt): Promise<void> {
    this.#last = this.#last.then(() => this.#store.keepHalt(halt)).catch((error: unknown) => this.#fail(error));
    return this.#last;
  }

  keepJumps(): Promise<void> {
    this.#last = this.#last.then(() => this.#store.keepJumps(this.#options.chain().jumps)).catch((error: unknown) => this.#fail(error));
    return this.#last;
  }

  async inventory(cycle: number): Promise<StacksInventory | undefined> {
    return this.#store.inventory(cycle).catch(() => undefined);
  }

  keepInventory(inventory: StacksInventory): Promise<void> {
    return this.#store.keepInventory(inventory).catch((error: unknown) => this.#fail(error));
  }

  /**
   * Goes on in other rows, which get everything that the chain has in one transaction, unless they reach further. A halt in the rows stays, but for a wipe, and
   * the chain stands still for it. Rejects with `StorageError` or `StoreAheadError`; then it goes on as before, and the rows are closed.
   */
  moveTo(rows: OwnedRows): Promise<void> {
    return this.#inOrder(async () => {
      const { chain, changed } = this.#options;
      const next = new StacksStore(rows);
      let found: Halt | undefined;
      try {
        if (this.#wipeLater) await next.wipe({ also: this.peers.deletion });
        const [stored, halt] = [await next.load(), await next.halt()];
        found = halt;
        const [height, ours] = [typeof stored === 'string' ? 0 : stored.record.root.height, chain().tip().height];
        if (height > ours) throw new StoreAheadError(height, ours);
        const own = chain().halted();
        await this.#writeAll(next, own ? [next.haltRow(own)] : []);
        await this.peers.moveTo(rows);
      } catch (error) {
        await next.close().catch(() => undefined);
        throw error;
      }
      const before = this.#store;
      this.#store = next;
      [this.#isBehind, this.#failure, this.#wipeLater, this.#owed] = [false, undefined, false, undefined];
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

  async #keep({ blocks, root, replaces }: StacksChange): Promise<void> {
    if (this.#failure !== undefined && !mayReturn(this.#failure)) return;
    const { chain, firstCycle, changed } = this.#options;
    try {
      if (this.#isBehind) await this.#writeAll(this.#store);
      else {
        const { record, handOvers } = recordOf(chain());
        const { height, id, time, cycle } = root;
        await this.#store.keep({ record: { ...record, root: { height, id, time, cycle } }, handOvers, firstCycle, blocks, replaces });
      }
      this.#isBehind = false;
      this.#failure = undefined;
      changed();
    } catch (error) {
      this.#isBehind = true;
      this.#fail(error);
    }
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

  #fail(error: unknown): void {
    const code = codeOf(error);
    if (this.#failure !== code) this.#options.failed(code);
    this.#failure = code;
  }
}
