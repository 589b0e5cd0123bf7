import type { DevChain } from './chain.ts';
import type { DevnetEvent } from './events.ts';

/** Milliseconds that the chain may run ahead of the clock. Clients refuse a block that is 600 s ahead. */
const MAX_AHEAD = 300_000;

export interface ProductionTimerOptions {
  readonly chain: DevChain;
  /** Milliseconds between blocks. */
  readonly blockTime: number;
  /** Height at which production ends. */
  readonly until: number | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly produce: () => Promise<unknown>;
  readonly emit: (event: DevnetEvent) => void;
}

/** Makes each block when it is due. A slow block delays the next ones; missed blocks are not made up for. */
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
