import type { BranchPlan } from './branch.ts';
import type { DevChain } from './chain.ts';
import { seededRandom } from './seeded-random.ts';

/** Trouble that comes by itself while blocks are made, all of it within the rules of the network. */
export interface TroubleOptions {
  /** Every height that this divides has a skip block (unless it is a macro block's). */
  readonly skipEvery: number | undefined;
  /** A branch appears after every height that this divides. */
  readonly forkEvery: number | undefined;
  /** Share of the blocks, 0 to 1, that no peer announces. */
  readonly withhold: number;
}

/** The same seed and the same chain meet the same trouble. */
export class Trouble {
  readonly #options: TroubleOptions;
  readonly #seed: string;
  /** A branch can make the chain shorter; a height has its branch once. */
  #forkedAt = 0;

  constructor(options: TroubleOptions, seed: string) {
    this.#options = options;
    this.#seed = seed;
  }

  skipsAt(height: number): boolean {
    const { skipEvery } = this.#options;
    return skipEvery !== undefined && height % skipEvery === 0;
  }

  /**
   * The branch that comes up now, if any: a lone second block at the head's height, which loses to the first seen; a longer branch; or
   * a skip block in place of one of the last blocks, which wins although it is shorter. A branch that meets the end of the batch ends there, with
   * a macro block.
   */
  branchNow(chain: DevChain): BranchPlan | undefined {
    const { forkEvery } = this.#options;
    const { height } = chain.head;
    const room = height - chain.macroHead.height;
    if (forkEvery === undefined || height % forkEvery !== 0 || height <= this.#forkedAt || room === 0) return undefined;
    this.#forkedAt = height;
    const random = seededRandom(this.#seed, `trouble/${height}`);
    const kind = random.next();
    const back = Math.min(room, 1 + Math.floor(random.next() * 3));
    if (kind < 0.3) return { back: 1, n: 1, skip: false };
    if (kind < 0.7) return { back, n: back + 1, skip: false };
    return { back, n: 1, skip: true };
  }

  withholds(hash: string): boolean {
    return this.#options.withhold > 0 && seededRandom(this.#seed, `withhold/${hash}`).next() < this.#options.withhold;
  }
}
