import type { BranchPlan } from './branch.ts';
import type { DevChain } from './chain.ts';
import { seededRandom } from './seeded-random.ts';

/** Trouble that the devnet adds by itself while it makes blocks. All of it is within the rules of the network. */
export interface TroubleOptions {
  /** A skip block is made at every multiple of this height, unless a macro block belongs there. */
  readonly skipEvery: number | undefined;
  /** A branch appears after every multiple of this height. */
  readonly forkEvery: number | undefined;
  /** Share of the blocks, 0 to 1, that no peer announces. */
  readonly withhold: number;
}

/** Plans skip blocks, branches and withheld blocks. The same seed and chain give the same trouble. */
export class Trouble {
  readonly #options: TroubleOptions;
  readonly #seed: string;
  /** A branch can make the chain shorter, so a height can come twice. This limits it to one branch per height. */
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
   * The branch that comes now, if any. It is one second block at the head's height, which loses to the first; or a longer branch;
   * or a skip block in place of one of the last blocks, which wins although it is shorter. A branch that reaches the end of the
   * batch ends there, with a macro block.
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
