import type { LogCode, NoticeCode } from '../base/log-codes.ts';
import type { LogEntry, Notice } from './view.ts';
import type { Clock } from '../base/clock.ts';
import { type LogLevel, LogRing } from '../base/log.ts';

type Data = Readonly<Record<string, string | number>>;

/** The client's log. Entries that the user should see are also sent as notices. */
export class ClientLog {
  readonly #ring: LogRing;
  readonly #onEntry: (entry: LogEntry) => void;
  readonly #onNotice: (notice: Notice) => void;

  constructor(clock: Pick<Clock, 'now'>, capacity: number, onEntry: (entry: LogEntry) => void, onNotice: (notice: Notice) => void) {
    this.#ring = new LogRing(clock, capacity);
    this.#onEntry = onEntry;
    this.#onNotice = onNotice;
  }

  add(area: LogEntry['area'], level: LogLevel, code: LogCode, data: Data = {}): LogEntry {
    const entry: LogEntry = { ...this.#ring.add(area, level, code, data), area };
    this.#onEntry(entry);
    return entry;
  }

  notice(area: LogEntry['area'], level: LogLevel, code: NoticeCode, data: Data = {}): void {
    const { time } = this.add(area, level, code, data);
    this.#onNotice({ time, level, code, data });
  }

  /** Oldest first. */
  entries(): readonly LogEntry[] {
    return this.#ring.records() as readonly LogEntry[];
  }
}
