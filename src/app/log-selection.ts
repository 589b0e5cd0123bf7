import type { LogEntry } from '../client/types.ts';
import { textOf } from './texts.ts';

/** What of the log is shown. `level`: that and worse; `area` empty: all; `text`: in the words shown, in the code, or in its data. */
export interface LogSelection {
  readonly level: 'all' | 'warning' | 'error';
  readonly area: string;
  readonly text: string;
}

/** Entries shown at most; what is older can be found by filtering. */
const MAX_SHOWN = 200;

const levels: Readonly<Record<LogSelection['level'], readonly LogEntry['level'][]>> = { all: ['info', 'warning', 'error'], warning: ['warning', 'error'], error: ['error'] };

/** The entries that fit, newest first. */
export function selectEntries(entries: readonly LogEntry[], { level, area, text }: LogSelection): readonly LogEntry[] {
  const words = text.trim().toLowerCase();
  const fits = (entry: LogEntry) =>
    levels[level].includes(entry.level) && (area === '' || entry.area === area) && (words === '' || [entry.code, textOf(entry.code, entry.data), ...Object.values(entry.data)].join(' ').toLowerCase().includes(words));
  return entries.filter(fits).toReversed().slice(0, MAX_SHOWN);
}

/** An entry for a bug report: whole, and in no language but the code's. */
export function logLine({ time, level, area, code, data }: LogEntry): string {
  return [new Date(time).toISOString(), level, area, code, JSON.stringify(data)].join(' ');
}
