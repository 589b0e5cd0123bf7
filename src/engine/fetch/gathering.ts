import type { Clock } from '../../base/clock.ts';

/**
 * Answers of several peers to one question, all asked at once. Whoever waits for them waits for silent peers only as long as no answer is of
 * use, and a little longer.
 */
export class Gathering<T> {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #patience: () => number;
  readonly #useful: (answer: T) => boolean;
  readonly #waiting = new Set<() => void>();
  #open = 0;
  #failed: { readonly error: unknown } | undefined;
  /** An answer was of use, and the silent peers had their time. */
  #enough = false;
  #cancel: (() => void) | undefined;

  /** `patience`: milliseconds for the silent peers once an answer is `useful`. */
  constructor(clock: Pick<Clock, 'after'>, patience: () => number, useful: (answer: T) => boolean) {
    this.#clock = clock;
    this.#patience = patience;
    this.#useful = useful;
  }

  /** Whether all the questions are answered. */
  get complete(): boolean {
    return this.#open === 0;
  }

  /** One more peer is being asked. */
  add(question: Promise<T>): void {
    this.#open += 1;
    question.then(
      (answer) => {
        this.#open -= 1;
        if (this.#useful(answer)) {
          this.#cancel ??= this.#clock.after(this.#patience(), () => {
            this.#enough = true;
            this.#wake();
          });
        }
        this.#wake();
      },
      (error: unknown) => {
        this.#open -= 1;
        this.#failed ??= { error };
        this.#wake();
      },
    );
  }

  /** Resolves when all the questions are answered, or silent peers have had their time. Throws what a question has thrown by then. */
  most(): Promise<void> {
    return this.#until(() => this.complete || this.#enough);
  }

  /** Resolves when all the questions are answered. Throws what a question has thrown. */
  all(): Promise<void> {
    return this.#until(() => this.complete);
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.#cancel?.();
  }

  async #until(over: () => boolean): Promise<void> {
    while (!this.#failed && !over()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    if (this.#failed) throw this.#failed.error;
  }

  #wake(): void {
    const waiting = Array.from(this.#waiting);
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** Waits for the answers of several peers as `Gathering.most` does. */
export async function awaitMost<T>(clock: Pick<Clock, 'after'>, patience: () => number, questions: readonly Promise<T>[], useful: (answer: T) => boolean): Promise<void> {
  const gathering = new Gathering(clock, patience, useful);
  for (const question of questions) gathering.add(question);
  try {
    await gathering.most();
  } finally {
    gathering.stop();
  }
}
