import type { ChainChange, LightChain } from '../albatross/chain/light-chain.ts';
import { blockHash } from '../albatross/chain/hashes.ts';
import type { Block, MacroBlock } from '../albatross/wire/types.ts';
import type { Anchor, CheckedCounts } from '../engine/trust.ts';
import { StorageError, type StorageErrorCode } from '../storage/storage-error.ts';
import type { ChainCommit, Store, StoredChain } from '../storage/store.ts';
import { mayReturn } from './store-return.ts';

export interface PersistenceOptions {
  readonly store: Store;
  readonly chain: LightChain;
  /** What the chain rests on now, or undefined while that is not settled: then nothing is written, and `touch` is called when it is. */
  evidence(): { readonly anchor: Anchor; readonly checked: CheckedCounts } | undefined;
  readonly log: (level: 'info' | 'warning' | 'error', code: string, data: Readonly<Record<string, string | number>>) => void;
  /** A commit is on the disk. */
  onCommitted?(macro: boolean): void;
  /** The database was lost while running; everything is written anew. */
  onLost?(): void;
  /** The store is given up; the client goes on without, until `resume`. */
  onGivenUp(code: string): void;
}

/** Attempts in a row that may fail: the browser may be busy once, and takes the database away for good only seldom. */
const MAX_FAILURES = 3;
/** Election blocks that may wait for a slow store, in blocks. More than a year of epochs on the main network; above that it is not slow but dead. */
const MAX_PENDING_ELECTIONS = 1_024;

/**
 * Writes every change of the chain. One transaction is under way at a time; what happens meanwhile is gathered into the next one: of the
 * running batch only its latest state counts, and new election blocks are collected in order, so that none is ever lost.
 */
export class Persistence {
  readonly #options: PersistenceOptions;
  readonly #stop: () => void;
  #elections: MacroBlock[] = [];
  #dirty = false;
  #startsOver = false;
  #failures = 0;
  #unwritten = false;
  #writing: Promise<void> | undefined;
  /** There is no store that works: changes are noted and nothing is written. */
  #suspended: string | undefined;
  #resuming = false;
  #closed = false;

  constructor(options: PersistenceOptions) {
    this.#options = options;
    this.#stop = options.chain.events.on('change', (change) => this.#note(change));
  }

  /** The evidence changed: what was waiting for it, and the new record itself, are written. */
  touch(): void {
    this.#dirty = true;
    this.#pump();
  }

  /** Everything stored goes with the next commit: it belongs to a chain that was given up. */
  startOver(): void {
    this.#startsOver = true;
    this.#elections = [];
  }

  /** The client works in memory from the start: nothing is written before `resume`. */
  suspend(code: string): void {
    this.#suspended = code;
  }

  /**
   * There is a store again, and `stored` is what it holds: ours follows there, or takes its place. Throws `StorageError` where it cannot be
   * written; nothing is then, as before.
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
      // One epoch later the headers of the earlier ones may stay.
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

  /** Nothing is listened to any more; resolves when what was noted is written, or cannot be. */
  async close(): Promise<void> {
    this.#stop();
    await this.flush();
    this.#closed = true;
  }

  /** Resolves when nothing is left to write, or it cannot be written now. What failed before is tried once more. */
  async flush(): Promise<void> {
    // What is being written may fail yet.
    while (this.#writing) await this.#writing;
    this.#dirty ||= this.#unwritten;
    this.#pump();
    while (this.#writing) await this.#writing;
  }

  #note(change: ChainChange): void {
    switch (change.kind) {
      case 'stored':
        // A side branch: it is not kept over a restart.
        return;
      case 'reset':
        // The stored chain stays until there is a better one to put in its place.
        this.startOver();
        this.#dirty = false;
        // One that begins above genesis is written when it is clear what it rests on.
        if (this.#options.chain.electionHead.hash !== this.#options.chain.genesis.hash) this.#elections = [this.#options.chain.electionHead.block];
        return;
      default:
        // The same block with another list takes the place of the one that is stored.
        if (change.kind === 'relisted') this.#elections.push(this.#options.chain.electionHead.block);
        for (const { kind, block } of change.adopted) if (kind === 'election' && block.type === 'macro') this.#elections.push(block);
        // Without a store they only wait: the newest is enough to begin with.
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
    // A turn later: whoever moved the chain gets to say what it rests on, and a burst of blocks is one commit.
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
      this.#options.onCommitted?.(change.tail.length === 0 || elections.length > 0);
    } catch (error) {
      const code = error instanceof StorageError ? error.code : 'internal';
      if (!this.#resuming) log('warning', 'commit-failed', { code, height: change.head.height });
      this.#failures++;
      this.#unwritten = true;
      // A chain that was reset meanwhile has no use for them.
      if (!this.#startsOver) this.#elections = [...elections, ...this.#elections];
      this.#startsOver ||= change.startsOver ?? false;
      if (code === 'lost' && this.#failures < MAX_FAILURES && (await this.#reclaim())) return;
      if (!mayReturn(code) || this.#resuming || this.#failures >= MAX_FAILURES || this.#elections.length > MAX_PENDING_ELECTIONS) this.#giveUp(code);
      // Otherwise the next change, a second away, brings the next attempt.
    }
  }

  /** The database is gone. It is made ours again, and all we have goes into it. */
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

  /** All we have goes into the store with the next commit, and nothing else stays. */
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
    // Nothing but genesis is nothing: what is stored stays until there is better.
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
    this.#options.onGivenUp(code);
  }
}
