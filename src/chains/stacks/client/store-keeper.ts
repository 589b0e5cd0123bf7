// Tests: `src/chains/stacks/client/store-keeper.test.ts`.
import { codeOf } from '../../../base/coded-error.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { KeptPeers } from '../../../storage/kept-peers.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
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
}

/** Writes what the chain tells. After a failure the next write replaces everything; in memory it waits for the database (`moveTo`). */
export class StoreKeeper {
  readonly peers: KeptPeers;
  readonly #options: KeeperOptions;
  #store: StacksStore;
  #failure: string | undefined;
  #isBehind = false;
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

  /** Goes on in other rows, which get everything that the chain has. Rejects with `StorageError`; then it goes on as before, and the rows are closed. */
  async moveTo(rows: OwnedRows): Promise<void> {
    await this.#last;
    const next = new StacksStore(rows);
    try {
      await this.#writeAll(next);
      await this.peers.moveTo(rows);
    } catch (error) {
      await next.close().catch(() => undefined);
      throw error;
    }
    const before = this.#store;
    this.#store = next;
    this.#isBehind = false;
    this.#failure = undefined;
    await before.close().catch(() => undefined);
    // What was told while everything was written.
    await this.keepCycles();
    await this.keepJumps();
    this.#options.changed();
  }

  /** Deletes everything, what is known of gateways too. Throws `StorageError`. */
  async wipe(): Promise<void> {
    await this.#last;
    await this.#store.wipe({ also: this.peers.deletion });
    this.peers.wiped();
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

  #writeAll(store: StacksStore): Promise<void> {
    const { chain, firstCycle } = this.#options;
    return store.keep({ ...storedOf(chain(), MAX_STORED), firstCycle, replaces: true });
  }

  #fail(error: unknown): void {
    const code = codeOf(error);
    if (this.#failure !== code) this.#options.failed(code);
    this.#failure = code;
  }
}
