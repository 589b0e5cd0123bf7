import type { Clock } from './clock.ts';
import type { LogCode } from './log-codes.ts';

export type LogLevel = 'info' | 'warning' | 'error';

/** Plain values that survive structured clone. */
export type LogData = Readonly<Record<string, string | number>>;

/** One event. The app makes the text from the code. */
export interface LogRecord {
  /** Unix milliseconds. */
  readonly time: number;
  readonly level: LogLevel;
  readonly area: string;
  readonly code: LogCode;
  readonly data: LogData;
}

/** The newest `capacity` records; at the bound the oldest is dropped. */
export class LogRing {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #capacity: number;
  #records: LogRecord[] = [];

  constructor(clock: Pick<Clock, 'now'>, capacity: number) {
    this.#clock = clock;
    this.#capacity = Math.max(1, capacity);
  }

  add(area: string, level: LogLevel, code: LogCode, data: LogData = {}): LogRecord {
    const record = { time: this.#clock.now(), level, area, code, data };
    this.#records.push(record);
    // Trimmed only at twice the capacity, so that a full ring does not move all its records at every call.
    if (this.#records.length >= this.#capacity * 2) this.#records = this.#records.slice(-this.#capacity);
    return record;
  }

  /** Oldest first. */
  records(): readonly LogRecord[] {
    return this.#records.slice(-this.#capacity);
  }
}
