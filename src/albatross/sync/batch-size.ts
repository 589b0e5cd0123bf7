/** Milliseconds from one finished batch to the next one. What is urgent does not wait for them; what is verified is shown and stored as often. */
const target = 1500;
/** Blocks. Above it a block costs no less, and a failing batch costs more. */
const most = 128;
/** Blocks, unless there are no more: with fewer the pairings are hardly shared, and each costs three times as much. */
const least = 32;

/** How many election blocks to verify at once, by what the last ones took. */
export class BatchSize {
  readonly #least: number;
  /** Milliseconds a block, smoothed. */
  #each: number | undefined;
  #current: number;

  constructor(smallest = least) {
    this.#least = smallest;
    this.#current = smallest;
  }

  get current(): number {
    return this.#current;
  }

  /** A batch of `blocks` took `ms`, without what it waited for others. Grows to the double at most, so that one lucky batch misleads nobody. */
  took(blocks: number, ms: number): void {
    const each = ms / blocks;
    this.#each = this.#each === undefined ? each : (this.#each + each) / 2;
    const wanted = Math.floor(target / Math.max(this.#each, target / most));
    this.#current = Math.max(this.#least, Math.min(most, wanted, this.#current * 2));
  }
}
