import { isDoubleCertified } from './fork-choice.ts';
import type { Hs2Item } from './hs2-block.ts';

const markOf = ({ id, block: { header } }: Hs2Item) => ({ id, view: header.view, validators: header.validators });

/** The certified blocks of a tree by their view. */
export class ViewIndex {
  readonly #byView = new Map<number, readonly Hs2Item[]>();

  /** Another certified block of the same set in the same view: only faulty validators can make both. */
  conflict(item: Hs2Item): Hs2Item | undefined {
    return this.#byView.get(item.block.header.view)?.find((other) => isDoubleCertified(markOf(other), markOf(item)));
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
