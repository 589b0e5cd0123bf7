import type { ChainChange, LightChain } from '../chain/light-chain.ts';
import { blockHash } from '../chain/hashes.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { NoticeCode } from '../../../base/log-codes.ts';
import type { AlbatrossCounts } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { StorageError, type StorageErrorCode } from '../../../storage/storage-error.ts';
import type { ChainCommit, Store, StoredChain } from '../store/store.ts';
import { mayReturn } from '../../../storage/store-return.ts';

export interface WriteBehindOptions {
  readonly store: Store;
  readonly chain: LightChain;
  /** What the chain rests on now; undefined while that is not settled. Then nothing is written, and `touch` is called once it is. */
  evidence(): { readonly anchor: Anchor; readonly checked: AlbatrossCounts } | undefined;
  readonly log: (level: 'info' | 'warning' | 'error', code: NoticeCode, data: Readonly<Record<string, string | number>>) => void;
  /** A commit has reached the disk. */
  onCommitted?(macro: boolean): void;
  /** The database was lost while running; everything is written again. */
  onLost?(): void;
  /** The store is given up; the client continues without it until `resume`. */
  onGivenUp(code: string): void;
}

/** Attempts in a row that may fail: a browser can be busy once, but rarely takes a database away for good. */
const MAX_FAILURES = 3;
/**
 * Maximum number of election blocks that wait for a slow store: more than a year of epochs on the main network. Beyond that the store is
 * dead, not slow.
 */
const MAX_PENDING_ELECTIONS = 1_024;

/**
 * Writes every change of the chain. Only one transaction runs at a time; changes meanwhile are gathered into the next one. Of the running
 * batch only the latest state is kept. New election blocks are collected in order, so that none is lost.
 */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #stop: () => void;
  #elections: MacroBlock[] = [];
  #dirty = false;
  #startsOver = false;
  #failures = 0;
  /** A failed commit was told, and its end was not told yet. */
  #told = false;
  #unwritten = false;
  #writing: Promise<void> | undefined;
  /** The reason why there is no working store: changes are noted and nothing is written. */
  #suspended: string | undefined;
  #resuming = false;
  #closed = false;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
    this.#stop = options.chain.events.on('change', (change) => this.#note(change));
  }

  /** The evidence changed: write it, and the changes that waited for it. */
  touch(): void {
    this.#dirty = true;
    this.#pump();
  }

  /** The next commit deletes everything stored before: it belongs to a chain that was given up. */
  startOver(): void {
    this.#startsOver = true;
    this.#elections = [];
  }

  /** The store failed outside of a commit. */
  giveUp(code: string): void {
    if (this.#suspended === undefined) this.#giveUp(code);
  }

  /** The client works in memory from the start: nothing is written before `resume`. */
  suspend(code: string): void {
    this.#suspended = code;
  }

  /**
   * There is a store again, and `stored` is its content. Our chain is appended to it, or replaces it. Throws `StorageError` if the store
   * cannot be written; the client then stays in memory as before.
   */
  async resume(stored: StoredChain | undefined): Promise<void> {
    const { electionHead, genesis } = this.#options.chain;
    const base = stored?.election ? blockHash(stored.election) : genesis.hash;
    const follows = (block: Block | undefined) => block?.type === 'macro' && block.header.parentElectionHash === base;
    if (stored && electionHead.hash === base) {
      this.#elections = [];
      this.#startsOver = false;
    } else if (!stored || !follows(this.#elections[0])) {
      this.#writeAnew();
      // If our election head directly follows the stored one, the stored headers of earlier epochs may stay.
      this.#startsOver = !stored || !follows(electionHead.block);
    }
    this.#suspended = undefined;
    this.#resuming = true;
    this.#dirty = true;
    this.#pump();
    while (this.#writing) await this.#writing;
    this.#resuming = false;
    const failure: string | undefined = this.#suspended;
    if (failure !== undefined) throw new StorageError(failure as StorageErrorCode, 'what is verified could not be written');
  }

  /** Stops listening. Resolves when all noted changes are written, or cannot be. */
  async close(): Promise<void> {
    this.#stop();
    await this.flush();
    this.#closed = true;
  }

  /** Resolves when nothing is left to write, or writing is not possible now. What failed before is tried once more. */
  async flush(): Promise<void> {
    // The write under way may still fail.
    while (this.#writing) await this.#writing;
    this.#dirty ||= this.#unwritten;
    this.#pump();
    while (this.#writing) await this.#writing;
  }

  #note(change: ChainChange): void {
    switch (change.kind) {
      case 'stored':
        // A side branch, which is not kept over a restart.
        return;
      case 'reset':
        // The stored chain stays until a better one can replace it.
        this.startOver();
        this.#dirty = false;
        // A chain that begins above genesis is written once it is settled what it rests on.
        if (this.#options.chain.electionHead.hash !== this.#options.chain.genesis.hash) this.#elections = [this.#options.chain.electionHead.block];
        return;
      default:
        // Another copy of the same block replaces the stored copy.
        if (change.kind === 'recopied') this.#elections.push(this.#options.chain.electionHead.block);
        for (const { kind, block } of change.adopted) if (kind === 'election' && block.type === 'macro') this.#elections.push(block);
        // Without a store they would pile up. The newest election block is enough to start a new store with.
        if (this.#suspended !== undefined && this.#elections.length > MAX_PENDING_ELECTIONS) this.#elections = [];
        this.#dirty = true;
        this.#pump();
    }
  }

  #pump(): void {
    if (this.#writing || this.#closed || this.#suspended !== undefined || !this.#dirty) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
      this.#pump();
    });
  }

  async #write(): Promise<void> {
    // Wait one microtask: the code that moved the chain can then set the new evidence, and a burst of blocks becomes one commit.
    await Promise.resolve();
    const { store, log } = this.#options;
    const change = this.#gather();
    this.#dirty = false;
    if (!change) return;
    const elections = this.#elections;
    this.#elections = [];
    this.#startsOver = false;
    try {
      await store.commit(change);
      this.#failures = 0;
      this.#unwritten = false;
      if (this.#told) log('info', 'storage-resumed', {});
      this.#told = false;
      this.#options.onCommitted?.(change.tail.length === 0 || elections.length > 0);
    } catch (error) {
      const code = error instanceof StorageError ? error.code : 'internal';
      if (!this.#resuming && this.#suspended === undefined) {
        log('warning', 'commit-failed', { code, height: change.head.height });
        // A lost database has a notice of its own.
        this.#told = code !== 'lost';
      }
      this.#failures++;
      this.#unwritten = true;
      // If the chain was reset meanwhile, these blocks are no longer needed.
      if (!this.#startsOver) this.#elections = [...elections, ...this.#elections];
      this.#startsOver ||= change.startsOver ?? false;
      if (code === 'lost' && this.#failures < MAX_FAILURES && (await this.#reclaim())) return;
      // A store that does not answer would block each attempt for the whole time-out, so give it up at once.
      if (!mayReturn(code) || code === 'no-answer' || this.#resuming || this.#failures >= MAX_FAILURES || this.#elections.length > MAX_PENDING_ELECTIONS) this.giveUp(code);
      // Otherwise the next change, about a second later, triggers the next attempt.
    }
  }

  /** The database is gone. Take ownership of it again and write everything we have. */
  async #reclaim(): Promise<boolean> {
    try {
      await this.#options.store.takeFencing();
    } catch {
      return false;
    }
    this.#writeAnew();
    this.#options.onLost?.();
    return true;
  }

  /** The next commit writes everything we have and deletes everything else. */
  #writeAnew(): void {
    const { electionHead, genesis } = this.#options.chain;
    this.#startsOver = true;
    this.#elections = electionHead.hash === genesis.hash ? [] : [electionHead.block];
    this.#dirty = true;
  }

  #gather(): ChainCommit | undefined {
    const { chain } = this.#options;
    const evidence = this.#options.evidence();
    if (!evidence) return undefined;
    const { head, macroHead } = chain;
    // With only the genesis block there is nothing to write; what is stored stays until there is something better.
    if (head.hash === chain.genesis.hash) return undefined;
    const tail = [];
    for (let height = macroHead.height + 1; height <= head.height; height++) {
      const item = chain.blockAt(height);
      if (!item) return undefined;
      tail.push(item.block);
    }
    const checkpoint = macroHead.kind === 'checkpoint' && macroHead.block.type === 'macro' ? macroHead.block : undefined;
    return {
      ...evidence, checkpoint, tail, elections: this.#elections, startsOver: this.#startsOver,
      head: { height: head.height, hash: head.hash },
    };
  }

  #giveUp(code: string): void {
    this.#suspended = code;
    this.#told = false;
    this.#options.onGivenUp(code);
  }
}
