import type { Hs2Item } from './hs2-block.ts';

/** The certified blocks of a tree by their view. */
export class ViewIndex {
  readonly #byView = new Map<number, readonly Hs2Item[]>();

  /** Another certified block of the same set in the same view: more than a third of the set signed both (HotStuff-2 reference, 2.1). */
  conflict({ id, block: { header } }: Hs2Item): Hs2Item | undefined {
    return this.#byView.get(header.view)?.find((other) => other.id !== id && other.block.header.validators === header.validators);
  }

  add(item: Hs2Item): void {
    const { view } = item.block.header;
    this.#byView.set(view, [...(this.#byView.get(view) ?? []), item]);
  }

  remove(item: Hs2Item): void {
    const { view } = item.block.header;
    const left = (this.#byView.get(view) ?? []).filter(({ id }) => id !== item.id);
    if (left.length > 0) this.#byView.set(view, left);
    else this.#byView.delete(view);
  }
}
