// Tests: `src/chains/stacks/client/stacks-chain.test.ts`.
import type { Hash } from '../../../base/hash.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import type { Placed } from './pending-tree.ts';

/** Headers that are kept: some hours of the main network; decoded, with 31 signatures each, 20 MB. At the bound the lowest go; they are fetched when they are asked for. */
export const MAX_CONFIRMED = 2_048;

/** The newest confirmed blocks, ascending without a gap. */
export class ConfirmedBlocks {
  readonly #byHeight = new Map<number, Placed>();
  readonly #byId = new Map<Hash, Placed>();

  /** Takes the next blocks. If the first does not follow on the highest, those before it go. */
  add(blocks: readonly Placed[]): void {
    for (const placed of blocks) {
      const { item } = placed;
      const before = this.#byHeight.get(item.height - 1);
      if (this.#byHeight.size > 0 && before?.item.id !== item.parent) this.clear();
      this.#byHeight.set(item.height, placed);
      this.#byId.set(item.id, placed);
      const lowest = this.#byHeight.get(item.height - MAX_CONFIRMED);
      if (lowest) this.#drop(lowest.item);
    }
  }

  get(key: number | string): Placed | undefined {
    return typeof key === 'number' ? this.#byHeight.get(key) : this.#byId.get(key);
  }

  /** The lowest height; undefined: there is none. */
  get lowest(): number | undefined {
    return this.#byHeight.keys().next().value;
  }

  get all(): readonly Placed[] {
    return Array.from(this.#byHeight.values());
  }

  clear(): void {
    this.#byHeight.clear();
    this.#byId.clear();
  }

  #drop({ height, id }: StacksItem): void {
    this.#byHeight.delete(height);
    this.#byId.delete(id);
  }
}
