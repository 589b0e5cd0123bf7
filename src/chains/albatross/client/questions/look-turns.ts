import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Transactions that are looked for at once; the rest waits. */
const MAX_LOOKS = 4;
/** The same for those that only a peer says to exist: one place is always left for what was sent here. */
const MAX_CLAIM_LOOKS = 3;

/** Something to look for. `teller`: the peer that says that it exists, if nobody else does. */
export interface Look {
  readonly teller: PeerId | undefined;
}

/**
 * Who is looked for next. What was sent here comes first; the peers that name transactions take turns, so that one that invents many takes
 * no turn from another.
 */
export class LookTurns<Item extends Look> {
  readonly #running = new Set<Item>();
  readonly #waiting = new Set<Item>();
  /** The tellers in the order of their last turns, the latest last. Only those with something that waits or runs. */
  #turns: readonly PeerId[] = [];

  /** Lets the item wait for its turn. */
  wait(item: Item): void {
    this.#waiting.add(item);
  }

  drop(item: Item): void {
    this.#waiting.delete(item);
  }

  /** The item whose turn it is, which runs from now on until `end`; undefined: there is none, or no place. */
  next(): Item | undefined {
    if (this.#running.size >= MAX_LOOKS) return undefined;
    const free = Array.from(this.#waiting).filter((item) => !this.#running.has(item));
    const claims = Array.from(this.#running).filter(({ teller }) => teller !== undefined).length < MAX_CLAIM_LOOKS ? free : [];
    const place = ({ teller }: Item) => this.#turns.indexOf(teller!);
    const item = free.find(({ teller }) => teller === undefined) ?? claims.toSorted((a, b) => place(a) - place(b))[0];
    if (!item) return undefined;
    this.#waiting.delete(item);
    this.#running.add(item);
    const { teller } = item;
    const present = new Set([...this.#waiting, ...this.#running].map((other) => other.teller));
    if (teller !== undefined) this.#turns = [...this.#turns.filter((other) => other !== teller && present.has(other)), teller];
    return item;
  }

  end(item: Item): void {
    this.#running.delete(item);
  }
}
