import type { Clock } from '../base/clock.ts';
import { Deadline } from '../base/deadline.ts';

/** Milliseconds. A busy peer (for example one that verifies BLS signatures on its only thread) may take its time. */
const PATIENCE = 30_000;

/** A connection that can be pinged. */
export interface Pingable {
  /** The id of the connection, not of the peer. */
  readonly id: string;
  /** Minimum milliseconds for an answer, because the line is slow. */
  readonly patience?: number | undefined;
  ping(signal: AbortSignal): Promise<void>;
  /** Closes the connection, which is dead. */
  drop(): void;
}

export interface PingerOptions {
  readonly clock: Clock;
  /** Milliseconds between two rounds, from the end of one wait to the end of the next. */
  readonly interval: number;
  readonly connections: () => readonly Pingable[];
  /** Milliseconds in which a ping must be answered. Default 30 s. */
  readonly patience?: number | undefined;
}

/**
 * Pings all connections regularly and drops those that do not answer: a socket whose other end vanished shows no event by itself. libp2p's
 * own monitor does the same at one fixed pace, and cannot be asked to check at once.
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

  /** Changes the pace from now on, in milliseconds. */
  setInterval(ms: number): void {
    if (ms === this.#interval) return;
    this.#interval = ms;
    if (this.#cancel) this.start();
  }

  /** Pings all connections at once. Resolves with how many did not answer within `patience` milliseconds and were dropped. */
  async check(patience: number): Promise<number> {
    const alive = await Promise.all(this.#options.connections().map((connection) => this.#ping(connection, patience)));
    return alive.filter((each) => !each).length;
  }

  async #ping(connection: Pingable, patience: number): Promise<boolean> {
    const deadline = new Deadline(this.#options.clock, Math.max(patience, connection.patience ?? 0), undefined, () => new Error('no answer'));
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
