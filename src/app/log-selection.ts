import type { LogEntry } from '../client/types.ts';
import { textOf } from '../page/code-texts.ts';

/**
 * Which log entries are shown. `level`: this level and more severe ones; `area` empty: all; `text`: searched in the displayed words, the
 * code and the data.
 */
export interface LogSelection {
  readonly level: 'all' | 'warning' | 'error';
  readonly area: string;
  readonly text: string;
}

/** Maximum number of entries shown; older ones can be found by filtering. */
const MAX_SHOWN = 200;

const levels: Readonly<Record<LogSelection['level'], readonly LogEntry['level'][]>> = { all: ['info', 'warning', 'error'], warning: ['warning', 'error'], error: ['error'] };

/** The matching entries, newest first. */
export function selectEntries(entries: readonly LogEntry[], { level, area, text }: LogSelection): readonly LogEntry[] {
  const words = text.trim().toLowerCase();
  const fits = (entry: LogEntry) =>
    levels[level].includes(entry.level) && (area === '' || entry.area === area) && (words === '' || [entry.code, textOf(entry.code, entry.data), ...Object.values(entry.data)].join(' ').toLowerCase().includes(words));
  return entries.filter(fits).toReversed().slice(0, MAX_SHOWN);
}

/** An entry for a bug report: complete, with its code in place of the displayed text. */
export function logLine({ time, level, area, code, data }: LogEntry): string {
  return [new Date(time).toISOString(), level, area, code, JSON.stringify(data)].join(' ');
}
