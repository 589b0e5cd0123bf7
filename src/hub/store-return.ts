import type { Clock } from '../engine/clock.ts';

/** Milliseconds before the first try and, doubled each time, at most: room is made in minutes, and one try costs no more than a start. */
const WAIT = { first: 5_000, longest: 300_000 };

/** Whether a store that failed like this may work again without a reload: not one that belongs to somebody else by now. */
export function mayReturn(code: string): boolean {
  return code !== 'stale-owner' && code !== 'schema-from-the-future' && code !== 'closed';
}

export interface StoreReturnOptions {
  readonly clock: Clock;
  /** Gets the store back; rejects with a coded error where it cannot be had yet. */
  readonly attempt: () => Promise<void>;
  readonly onFailed: (code: string) => void;
}

/** Tries, with back-off, to have the store again while the client works in memory. */
export class StoreReturn {
  readonly #options: StoreReturnOptions;
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #wait = 0;
  #stopped = false;

  constructor(options: StoreReturnOptions) {
    this.#options = options;
  }

  /** The first try is in a moment, or `now`. Nothing happens where it is being tried already. */
  begin(now = false): void {
    if (this.#stopped || this.#running || (this.#cancel && !now)) return;
    this.#cancel?.();
    this.#wait = WAIT.first;
    if (now) this.#try();
    else this.#later();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  #later(): void {
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, WAIT.longest);
    this.#cancel = this.#options.clock.after(wait, () => this.#try());
  }

  #try(): void {
    this.#cancel = undefined;
    this.#running = this.#options.attempt().then(
      () => {
        this.#running = undefined;
      },
      (error: unknown) => {
        this.#running = undefined;
        const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
        this.#options.onFailed(code);
        if (!this.#stopped && mayReturn(code)) this.#later();
      },
    );
  }
}
