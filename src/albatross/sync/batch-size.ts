/** Milliseconds one batch may take where it runs: a live block that comes meanwhile waits at most about as long. */
const target = 400;
/** Blocks. Above it the pairings saved per block are lost in noise, and a failing batch costs more. */
const most = 64;
/** Blocks of the first batch: the keys are decoded with it, which takes longer than everything after. */
const first = 4;

/** How many election blocks to verify at once, by what the last ones took. */
export class BatchSize {
  /** Milliseconds a block, smoothed. */
  #each: number | undefined;
  #current = first;

  get current(): number {
    return this.#current;
  }

  /** A batch of `blocks` took `ms`. Grows to the double at most, so that one lucky batch misleads nobody. */
  took(blocks: number, ms: number): void {
    const each = ms / blocks;
    this.#each = this.#each === undefined ? each : (this.#each + each) / 2;
    const wanted = Math.floor(target / Math.max(this.#each, target / most));
    this.#current = Math.max(1, Math.min(most, wanted, this.#current * 2));
  }
}
