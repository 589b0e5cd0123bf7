import type { Clock } from './clock.ts';
import { joinSignals } from './tasks.ts';

/** Ends a piece of work in which nothing has happened for some time. */
export class IdleLimit {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #ms: () => number;
  readonly #mayEnd: () => boolean;
  readonly #own = new AbortController();
  readonly #joined: ReturnType<typeof joinSignals>;
  #busy = 0;
  #reached = false;
  #cancel: (() => void) | undefined;

  /** `ms`: milliseconds without progress. `mayEnd`: asked then; if it says no, the time begins anew. `signal`: ends the work too. */
  constructor(clock: Pick<Clock, 'after'>, ms: () => number, mayEnd: () => boolean, signal: AbortSignal) {
    this.#clock = clock;
    this.#ms = ms;
    this.#mayEnd = mayEnd;
    this.#joined = joinSignals(signal, this.#own.signal);
    this.progress();
  }

  /** Aborts at the end of the time, or with the given signal. */
  get signal(): AbortSignal {
    return this.#joined.signal;
  }

  /** Whether nothing happened for so long that the work was ended. */
  get reached(): boolean {
    return this.#reached;
  }

  progress(): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(this.#ms(), () => {
      if (this.#busy > 0 || !this.#mayEnd()) return this.progress();
      this.#reached = true;
      this.#own.abort(new Error('idle'));
    });
  }

  /** While this goes on, the work is not idle. */
  async during<T>(part: Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await part;
    } finally {
      this.#busy -= 1;
      if (!this.#joined.signal.aborted) this.progress();
    }
  }

  /** The work is over: nothing is limited any more. */
  clear(): void {
    this.#own.abort(new Error('over'));
    this.#cancel?.();
    this.#joined.release();
  }
}
