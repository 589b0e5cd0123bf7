import { readSeatReport, type SeatOrder } from '../bridge/life/door-messages.ts';
import { ClientError } from '../bridge/errors.ts';
import { holdLock, lockReleased, seizeLock, type HeldLock, type Locks } from '../bridge/life/liveness-lock.ts';
import type { Names } from '../bridge/life/names.ts';
import { listen } from '../bridge/ports/port.ts';
import type { Clock } from '../base/clock.ts';
import { startHost, type HubScript } from './host.ts';
import { livingGenerations } from './replace-hub.ts';

/** Milliseconds an elected hub has for its flush when its tab is closed in order. */
const FLUSH_TIMEOUT = 3_000;

export interface SeatOptions {
  /** The names of the elected tier. */
  readonly names: Names;
  readonly locks: Locks;
  readonly clock: Clock;
  /** Starts the hub's worker. */
  readonly start: (options: { readonly name: string }) => Worker;
  /** The URL of that worker's script. */
  readonly script?: HubScript | undefined;
}

/** What the elected tab holds: the lock, and the worker that runs under it. */
interface Held {
  readonly lock: HeldLock;
  readonly worker: Worker;
  /** Resolves when the hub has ended, or was ended. */
  readonly ended: Promise<void>;
  /** Ends the worker, and leaves the seat to the next tab in line unless it is kept. */
  end(keep?: 'keep'): void;
}

/**
 * Used where there is no SharedWorker: this tab's place in the line for the one seat of its origin, network and build. The tab that has the
 * seat runs the worker that is the hub for all tabs; their messages to the hub do not pass through this page. When the tab goes, the next
 * tab in line gets the seat.
 */
export class Seat {
  readonly #options: SeatOptions;
  #line: AbortController | undefined;
  #held: Held | undefined;
  /** False before the first `stand`, because this tab may have another way to a hub. */
  #wanted = false;
  #closed = false;
  #asleep = false;
  readonly #onFailed = new Set<(error: ClientError) => void>();

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** Resolves when, from now on, a worker that this tab was elected to start could not be started. */
  get failed(): Promise<ClientError> {
    return new Promise((resolve) => this.#onFailed.add(resolve));
  }

  /** Joins the line, if this tab is not in it yet. */
  stand(): void {
    this.#wanted = true;
    if (this.#closed || this.#asleep || this.#line || this.#held) return;
    const line = new AbortController();
    this.#line = line;
    holdLock(this.#options.locks, this.#options.names.seat, { signal: line.signal })
      .then((lock) => {
        if (this.#line !== line) return lock.release();
        return this.#serve(lock);
      })
      .catch(() => undefined)
      .finally(() => {
        if (this.#line === line) this.#line = undefined;
      });
  }

  /**
   * Takes the seat from the tab that has it, or from our own worker, because the hub there is silent. The new worker's generation is `least`
   * or higher: other tabs that noticed the same silence tell by it that the hub has been replaced. Our own seat is not left meanwhile, or
   * the next tab in line would start a hub as well.
   */
  async seize(least: number): Promise<void> {
    // A frozen page's worker would be frozen too.
    if (this.#closed || this.#asleep) return;
    this.#leaveLine();
    const held = this.#held;
    held?.end('keep');
    await this.#serve(held?.lock ?? (await seizeLock(this.#options.locks, this.#options.names.seat)), least);
  }

  /**
   * A frozen page's worker is frozen too. So the tab leaves the seat just before it is frozen, and joins the line again when the page is
   * back.
   */
  sleep(asleep: boolean): void {
    if (asleep === this.#asleep) return;
    this.#asleep = asleep;
    if (!asleep) return this.#wanted ? this.stand() : undefined;
    this.#leaveLine();
    this.#held?.end();
  }

  /** Leaves for good; the hub flushes first. */
  async leave(): Promise<void> {
    this.#closed = true;
    this.#leaveLine();
    const held = this.#held;
    if (!held) return;
    held.worker.postMessage({ kind: 'leave-seat' } satisfies SeatOrder, []);
    const cancel = this.#options.clock.after(FLUSH_TIMEOUT, () => held.end());
    await held.ended;
    cancel();
  }

  #leaveLine(): void {
    this.#line?.abort();
    this.#line = undefined;
  }

  async #serve(lock: HeldLock, least = 0): Promise<void> {
    const { names, locks, start, script } = this.#options;
    // A hung hub may still be alive. Ours is then the next generation, so that the two are not confused.
    let taken = false;
    void lock.ended.then(() => (taken = true));
    const living = await livingGenerations(names, locks).catch(() => []);
    // Another tab may have taken the seat meanwhile; a second hub must not start.
    if (this.#closed || this.#asleep || taken) return lock.release();
    let host: ReturnType<typeof startHost>;
    let worker: Worker | undefined;
    try {
      host = startHost((options) => (worker = start(options)), names.worker(Math.max(least, ...living.map((generation) => generation + 1))), script);
    } catch (error) {
      lock.release();
      return this.#fail(error as ClientError);
    }
    let onEnded = () => {};
    const watching = new AbortController();
    const held: Held = {
      lock,
      worker: worker!,
      ended: new Promise((resolve) => (onEnded = resolve)),
      end: (keep) => {
        watching.abort();
        stop();
        host.release();
        if (!keep) lock.release();
        if (this.#held === held) this.#held = undefined;
        onEnded();
      },
    };
    let serves = false;
    const stop = listen(host.port, (data) => {
      const report = readSeatReport(data);
      if (!report || serves) return;
      serves = true;
      lockReleased(locks, report.lock, watching.signal).then(again, () => undefined);
    });
    /** Goes back to the end of the line. */
    const again = () => {
      if (this.#held !== held) return;
      held.end();
      this.stand();
    };
    this.#held = held;
    void lock.ended.then(again);
    void host.failed.then((error) => {
      // Later failures are detected by the heartbeat to the hub.
      if (serves || this.#held !== held) return;
      held.end();
      this.#fail(error);
    });
  }

  #fail(error: ClientError): void {
    this.#wanted = false;
    for (const tell of this.#onFailed) tell(error);
    this.#onFailed.clear();
  }
}
