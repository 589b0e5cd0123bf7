import { nodeHash, rootOfHashes } from './tree.ts';

/**
 * All levels of a tree over hashes of leaves, so that a changed leaf costs one hash a level, and an inserted or removed one those to its right. The root is
 * that of `rootOfHashes`.
 */
export class TreeLevels {
  /** The leaves first. Each level has half of the one below, rounded up; the last has one hash, or the leaves are none. */
  #levels: Uint8Array[][];
  /** Indices of changed leaves, whose nodes above are out of date. */
  readonly #changed = new Set<number>();
  /** From this leaf on everything is out of date. */
  #from = Number.POSITIVE_INFINITY;

  constructor(leaves: readonly Uint8Array[]) {
    this.#levels = [[...leaves]];
    this.#from = 0;
  }

  get leaves(): readonly Uint8Array[] {
    return this.#levels[0]!;
  }

  set(index: number, hash: Uint8Array): void {
    this.#levels[0]![index] = hash;
    this.#changed.add(index);
  }

  insert(index: number, hash: Uint8Array): void {
    this.#levels[0]!.splice(index, 0, hash);
    this.#from = Math.min(this.#from, index);
  }

  remove(index: number): void {
    this.#levels[0]!.splice(index, 1);
    this.#from = Math.min(this.#from, index);
  }

  /** 32 bytes. Brings all levels up to date. */
  root(): Uint8Array {
    if (this.leaves.length === 0) {
      this.#levels = [[]];
      this.#settle();
      return rootOfHashes([]);
    }
    let changed = this.#changed as ReadonlySet<number>;
    let from = this.#from;
    let depth = 0;
    for (; this.#levels[depth]!.length > 1; depth += 1) {
      const below = this.#levels[depth]!;
      const level = (this.#levels[depth + 1] ??= []);
      level.length = Math.ceil(below.length / 2);
      const above = new Set<number>();
      const renew = (at: number) => (level[at] = 2 * at + 1 < below.length ? nodeHash(below[2 * at]!, below[2 * at + 1]!) : below[2 * at]!);
      for (const index of changed) {
        const at = index >> 1;
        if (index >= from || at >= level.length || above.has(at)) continue;
        above.add(at);
        renew(at);
      }
      // The parent of the first moved hash, too.
      from = from === Number.POSITIVE_INFINITY ? from : Math.floor(from / 2);
      for (let at = from; at < level.length; at += 1) renew(at);
      changed = above;
    }
    this.#levels.length = depth + 1;
    this.#settle();
    return this.#levels[depth]![0]!;
  }

  #settle(): void {
    this.#changed.clear();
    this.#from = Number.POSITIVE_INFINITY;
  }
}
