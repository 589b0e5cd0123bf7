import type { Hash } from '../../../base/hash.ts';
import type { HotStuff2Store } from '../store/hotstuff2-store.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

/** Hashes that wait for a search at most; more are not looked for. A person asks for one. */
const MAX_WAITING = 8;
/** Hashes that were not found, which are not looked for again: a page repeats its question with each new block, and new blocks are known without the store. */
const MAX_MISSED = 64;

/** Finds the heights of final blocks by their hash: of those that are known to the chain at once, of older ones in the store, one search after the other. */
export class StoredHashes {
  readonly #chain: () => Pick<HotStuff2Chain, 'headers'>;
  readonly #store: () => Pick<HotStuff2Store, 'heightOf'>;
  readonly #missed = new Set<Hash>();
  /** The store in which they were missed. */
  #searched: Pick<HotStuff2Store, 'heightOf'> | undefined;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(chain: () => Pick<HotStuff2Chain, 'headers'>, store: () => Pick<HotStuff2Store, 'heightOf'>) {
    this.#chain = chain;
    this.#store = store;
  }

  /** Undefined: it is not here, or too many searches wait. Rejects with `StorageError`. */
  async heightOf(id: Hash): Promise<number | undefined> {
    const store = this.#store();
    if (store !== this.#searched) this.forget();
    this.#searched = store;
    const known = this.#chain().headers.heightOf(id);
    if (known !== undefined || this.#missed.has(id) || this.#waiting >= MAX_WAITING) return known;
    this.#waiting += 1;
    const search = this.#last.then(() => (this.#missed.has(id) ? undefined : store.heightOf(id)));
    this.#last = search.catch(() => undefined);
    try {
      const height = await search;
      if (height === undefined) this.#miss(id);
      return height;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What is stored is another chain. */
  forget(): void {
    this.#missed.clear();
  }

  #miss(id: Hash): void {
    this.#missed.add(id);
    for (const oldest of this.#missed) if (this.#missed.size > MAX_MISSED) this.#missed.delete(oldest);
  }
}
