import type { Hash } from '../../../base/hash.ts';
import type { Hs2Item } from './hs2-block.ts';

/** Blocks that are kept whole; of older ones only the hash. What a page lists, and what a fork can reach. */
const KEPT_WHOLE = 1024;

/** The final blocks by height and hash. */
export class FinalBlocks {
  readonly #ids = new Map<number, Hash>();
  readonly #items = new Map<Hash, Hs2Item>();

  add(item: Hs2Item): void {
    this.#ids.set(item.height, item.id);
    this.#items.set(item.id, item);
    if (this.#items.size > KEPT_WHOLE) this.#items.delete(this.#items.keys().next().value!);
  }

  /** The hash of a block of which only that is known. */
  addId(height: number, id: Hash): void {
    this.#ids.set(height, id);
  }

  idAt(height: number): Hash | undefined {
    return this.#ids.get(height);
  }

  /** The height of a block whose hash is known. Some milliseconds in a hundred thousand. */
  heightOf(id: Hash): number | undefined {
    for (const [height, known] of this.#ids) if (known === id) return height;
    return undefined;
  }

  get(key: number | string): Hs2Item | undefined {
    const id = typeof key === 'number' ? this.#ids.get(key) : key;
    return id === undefined ? undefined : this.#items.get(id);
  }

  /** The lowest height above `height`, at most `most` above, whose hash is known. */
  nextKnown(height: number, most: number): number | undefined {
    for (let at = height + 1; at <= height + most; at += 1) if (this.#ids.has(at)) return at;
    return undefined;
  }

  clear(): void {
    this.#ids.clear();
    this.#items.clear();
  }
}
