/** Milliseconds between the ends of batches. Urgent jobs do not wait for a batch, and results are shown and stored this often. */
const target = 1500;
/** Blocks. A larger batch costs no less per block, and a failing one costs more. */
const most = 128;
/** Blocks, unless fewer are left: smaller batches hardly share pairings, and each block costs three times as much. */
const least = 32;

/** The number of election blocks to verify at once, from the time that the last batches took. */
export class BatchSize {
  readonly #least: number;
  /** Milliseconds per block, smoothed. */
  #each: number | undefined;
  #current: number;

  constructor(smallest = least) {
    this.#least = smallest;
    this.#current = smallest;
  }

  get current(): number {
    return this.#current;
  }

  /** A batch of `blocks` took `ms`, not counting time spent waiting for other jobs. The size at most doubles, so that one lucky batch does not mislead. */
  took(blocks: number, ms: number): void {
    const each = ms / blocks;
    this.#each = this.#each === undefined ? each : (this.#each + each) / 2;
    const wanted = Math.floor(target / Math.max(this.#each, target / most));
    this.#current = Math.max(this.#least, Math.min(most, wanted, this.#current * 2));
  }
}
