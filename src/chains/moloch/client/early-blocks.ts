import type { Clock } from '../../../base/clock.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';

/** Blocks that wait at most, and their bytes: three of the largest blocks. At either bound a further one is not kept; it comes with the next gap. Ours. */
const MAX_EARLY = 64;
const MAX_BYTES = 50_000_000;
/** Milliseconds that a block waits at most: one that is further ahead is no block of a clock that is merely fast. */
const LONGEST_WAIT = 3_600_000;

/** Blocks whose events are ahead of the clock: each is given again when its time has come. */
export class EarlyBlocks {
  readonly #clock: Clock;
  readonly #again: (item: Item<MolochBlock>) => void;
  readonly #cancels = new Map<string, () => void>();
  #bytes = 0;

  constructor(clock: Clock, again: (item: Item<MolochBlock>) => void) {
    this.#clock = clock;
    this.#again = again;
  }

  /** @param due Unix milliseconds. */
  keep(item: Item<MolochBlock>, due: number): void {
    const wait = due - this.#clock.now();
    if (this.#cancels.has(item.id) || this.#cancels.size >= MAX_EARLY || this.#bytes + item.size > MAX_BYTES || wait > LONGEST_WAIT) return;
    this.#bytes += item.size;
    const cancel = this.#clock.after(Math.max(0, wait), () => {
      this.#cancels.delete(item.id);
      this.#bytes -= item.size;
      this.#again(item);
    });
    this.#cancels.set(item.id, cancel);
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    this.#bytes = 0;
  }
}
