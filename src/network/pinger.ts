import type { Clock } from '../engine/clock.ts';
import { Deadline } from './deadline.ts';

/** Milliseconds. A busy peer (one that verifies BLS signatures on its only thread, say) may take its time. */
const PATIENCE = 30_000;

/** A connection, as far as it can be pinged. */
export interface Pingable {
  /** Of the connection, not of the peer. */
  readonly id: string;
  ping(signal: AbortSignal): Promise<void>;
  /** It is dead. */
  drop(): void;
}

export interface PingerOptions {
  readonly clock: Clock;
  /** Milliseconds between two rounds, from the end of one wait to the end of the next. */
  readonly interval: number;
  readonly connections: () => readonly Pingable[];
  /** Milliseconds in which a ping is to be answered. Default 30 s. */
  readonly patience?: number | undefined;
}

/**
 * Pings all connections now and then and drops those that do not answer: a socket whose other end is gone without a word shows nothing by itself.
 * libp2p's own monitor does the same at one fixed pace, and cannot be asked to look at once.
 */
export class Pinger {
  readonly #options: PingerOptions;
  readonly #underWay = new Set<string>();
  #interval: number;
  #cancel: (() => void) | undefined;

  constructor(options: PingerOptions) {
    this.#options = options;
    this.#interval = options.interval;
  }

  start(): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.after(this.#interval, () => {
      this.start();
      for (const connection of this.#options.connections()) if (!this.#underWay.has(connection.id)) void this.#ping(connection, this.#patience);
    });
  }

  /** Pings one connection at once. */
  first(id: string): void {
    const connection = this.#options.connections().find((known) => known.id === id);
    if (connection) void this.#ping(connection, this.#patience);
  }

  get #patience(): number {
    return this.#options.patience ?? PATIENCE;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Another pace from now on, in milliseconds. */
  setInterval(ms: number): void {
    if (ms === this.#interval) return;
    this.#interval = ms;
    if (this.#cancel) this.start();
  }

  /** Pings all at once. Resolves with how many did not answer within `patience` milliseconds and were dropped. */
  async check(patience: number): Promise<number> {
    const alive = await Promise.all(this.#options.connections().map((connection) => this.#ping(connection, patience)));
    return alive.filter((each) => !each).length;
  }

  async #ping(connection: Pingable, patience: number): Promise<boolean> {
    const deadline = new Deadline(this.#options.clock, patience, undefined, () => new Error('no answer'));
    this.#underWay.add(connection.id);
    try {
      await deadline.race(connection.ping(deadline.signal));
      return true;
    } catch {
      connection.drop();
      return false;
    } finally {
      deadline.clear();
      this.#underWay.delete(connection.id);
    }
  }
}
