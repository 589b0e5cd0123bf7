import type { Clock } from './clock.ts';

/** How far a phase has come, from real counts only. */
export interface Progress<Unit extends string> {
  readonly done: number;
  readonly total: number;
  readonly unit: Unit;
  /** Per second; undefined until measured. */
  readonly rate: number | undefined;
  /** Milliseconds; undefined without a rate. */
  readonly timeLeft: number | undefined;
}

/** The rate is that of the last ten seconds: long enough to be calm, short enough to follow a change of peer. */
const window = 10_000;
/** Samples kept for the rate. At the bound every second one goes. */
const maxSamples = 64;
/** Below this a rate would be noise. Milliseconds. */
const minSpan = 250;

/** Measures one piece of work after another. */
export class ProgressMeter<Unit extends string> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #state: { unit: Unit; done: number; total: number } | undefined;
  #samples: { at: number; done: number }[] = [];

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** A new piece of work. */
  start(unit: Unit, total: number, done = 0): void {
    this.#state = { unit, done, total };
    this.#samples = [{ at: this.#clock.monotonic(), done }];
  }

  /** `done` items are done now; `total` may have become known better. */
  update(done: number, total?: number): void {
    if (!this.#state) return;
    this.#state = { ...this.#state, done, total: Math.max(total ?? this.#state.total, done) };
    const at = this.#clock.monotonic();
    this.#samples.push({ at, done });
    const first = this.#samples.findIndex((sample) => sample.at >= at - window);
    if (first > 1) this.#samples = this.#samples.slice(first - 1);
    if (this.#samples.length > maxSamples) this.#samples = this.#samples.filter((_, index, all) => index % 2 === 0 || index === all.length - 1);
  }

  /** The work is over or given up. */
  end(): void {
    this.#state = undefined;
    this.#samples = [];
  }

  get current(): Progress<Unit> | undefined {
    if (!this.#state) return undefined;
    const { unit, done, total } = this.#state;
    const first = this.#samples[0];
    const span = first ? this.#clock.monotonic() - first.at : 0;
    const gained = first ? done - first.done : 0;
    const rate = span >= minSpan && gained > 0 ? (gained * 1000) / span : undefined;
    return { unit, done, total, rate, timeLeft: rate === undefined ? undefined : ((total - done) * 1000) / rate };
  }
}
