import type { DevChain } from './chain.ts';
import type { DevnetEvent } from './events.ts';

/** How far the chain may run ahead of the clock, in milliseconds; clients refuse what is 600 s ahead. */
const MAX_AHEAD = 300_000;

export interface ProductionTimerOptions {
  readonly chain: DevChain;
  /** Milliseconds between blocks. */
  readonly blockTime: number;
  /** Height at which it ends. */
  readonly until: number | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly produce: () => Promise<unknown>;
  readonly emit: (event: DevnetEvent) => void;
}

/** Makes a block each time it is due. One that takes longer delays the next; none is made up for. */
export class ProductionTimer {
  readonly #options: ProductionTimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #waiting = false;
  #due = performance.now();

  constructor(options: ProductionTimerOptions) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#due = Math.max(this.#due + this.#options.blockTime, performance.now());
    this.#timer = setTimeout(() => void this.#tick(), this.#due - performance.now());
  }

  async #tick(): Promise<void> {
    const { chain, until, now, produce, emit } = this.#options;
    if (until !== undefined && chain.head.height >= until) {
      emit({ event: 'until-reached', height: chain.head.height });
      return;
    }
    const ahead = chain.head.block.header.timestamp - now();
    if (ahead <= MAX_AHEAD) await produce().catch(() => undefined);
    else if (!this.#waiting) emit({ event: 'waiting', ahead });
    this.#waiting = ahead > MAX_AHEAD;
    this.#schedule();
  }
}
