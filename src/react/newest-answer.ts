/** Questions that may wait at a time: the oldest goes on, so that there is an answer even if one asks again all the time. */
const WAITING = 2;

interface Question<T> {
  readonly ask: (signal: AbortSignal) => Promise<T>;
  readonly done: (answer: T) => void;
  readonly failed?: (error: unknown) => void;
}

/** Asks the same question again and again, and takes no answer to a question that was asked before the one whose answer was taken last. */
export class NewestAnswer {
  #waiting: AbortController[] = [];
  #asked = 0;
  #taken = 0;

  /** `done` and `failed` are not called when a newer question was answered before, nor after `end`. */
  ask<T>({ ask, done, failed }: Question<T>): void {
    if (this.#waiting.length === WAITING) this.#waiting.pop()?.abort();
    const asking = new AbortController();
    this.#waiting.push(asking);
    this.#asked += 1;
    const turn = this.#asked;
    const settle = (tell: () => void) => {
      if (asking.signal.aborted) return;
      this.#waiting = this.#waiting.filter((other) => other !== asking);
      if (turn < this.#taken) return;
      this.#taken = turn;
      tell();
    };
    ask(asking.signal).then(
      (answer) => settle(() => done(answer)),
      (error: unknown) => settle(() => failed?.(error)),
    );
  }

  /** Stops waiting. */
  end(): void {
    for (const asking of this.#waiting) asking.abort();
    this.#waiting = [];
  }
}
