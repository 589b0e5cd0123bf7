import type { Clock } from './clock.ts';

/** The progress of a phase, from real counts only. */
export interface Progress<Unit extends string> {
  readonly done: number;
  readonly total: number;
  readonly unit: Unit;
  /** Units per second; undefined until measured. */
  readonly rate: number | undefined;
  /** Milliseconds; undefined without a rate. */
  readonly timeLeft: number | undefined;
}

/** The rate is measured over the last ten seconds: long enough to be stable, short enough to follow a change of peer. */
const window = 10_000;
/** Samples kept for the rate. At the bound every second sample is dropped. */
const maxSamples = 64;
/** Over a shorter span (milliseconds) the rate would be noise. */
const minSpan = 250;

/** Measures one piece of work at a time. */
export class ProgressMeter<Unit extends string> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #state: { unit: Unit; done: number; total: number } | undefined;
  #samples: { at: number; done: number }[] = [];

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Begins a new piece of work. */
  start(unit: Unit, total: number, done = 0): void {
    this.#state = { unit, done, total };
    this.#samples = [{ at: this.#clock.monotonic(), done }];
  }

  /** `done` items are done now; `total` may be known more precisely now. */
  update(done: number, total?: number): void {
    if (!this.#state) return;
    this.#state = { ...this.#state, done, total: Math.max(total ?? this.#state.total, done) };
    const at = this.#clock.monotonic();
    this.#samples.push({ at, done });
    const first = this.#samples.findIndex((sample) => sample.at >= at - window);
    if (first > 1) this.#samples = this.#samples.slice(first - 1);
    if (this.#samples.length > maxSamples) this.#samples = this.#samples.filter((_, index, all) => index % 2 === 0 || index === all.length - 1);
  }

  /** The work is finished or given up. */
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
