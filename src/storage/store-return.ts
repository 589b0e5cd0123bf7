import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';

/**
 * Milliseconds before the first try, then doubled each time up to `longest`: space is freed in minutes, and one try costs no more than a
 * start.
 */
const WAIT = { first: 5_000, longest: 300_000 };

/** Whether a store that failed with this code may work again without a reload. A store that another hub owns by now may not. */
export function mayReturn(code: string): boolean {
  return code !== 'stale-owner' && code !== 'schema-from-the-future' && code !== 'closed';
}

export interface StoreReturnOptions {
  readonly clock: Clock;
  /** Reopens the store; rejects with a coded error if that is not possible yet. */
  readonly attempt: () => Promise<void>;
  readonly onFailed: (code: string) => void;
}

/** Retries, with back-off, to reopen the store while the client works in memory. */
export class StoreReturn {
  readonly #options: StoreReturnOptions;
  #running: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #wait = 0;
  #stopped = false;

  constructor(options: StoreReturnOptions) {
    this.#options = options;
  }

  /** Makes the first try after a short wait, or at once with `now`. Does nothing if a try is already under way. */
  begin(now = false): void {
    if (this.#stopped || this.#running || (this.#cancel && !now)) return;
    this.#cancel?.();
    this.#wait = WAIT.first;
    if (now) this.#try();
    else this.#later();
  }

  /** Resolves when no try is under way any more. */
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
        const code = codeOf(error);
        this.#options.onFailed(code);
        if (!this.#stopped && mayReturn(code)) this.#later();
      },
    );
  }
}
