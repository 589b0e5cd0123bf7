import { expect, it } from 'vitest';
import type { LogEntry } from '../client/types.ts';
import { logLine, selectEntries } from './log-selection.ts';

const entry = (level: LogEntry['level'], area: LogEntry['area'], code: LogEntry['code'], data = {}): LogEntry => ({ time: 0, level, area, code, data });
const entries = [entry('info', 'hub', 'tab-joined', { tabs: 3 }), entry('warning', 'peers', 'peer-behind', { peer: '12D3abcdefgh' }), entry('error', 'sync', 'task-failed')];
const select = (selection: object) => selectEntries(entries, { level: 'all', area: '', text: '', ...selection }).map(({ code }) => code);

it('selects by level, area, and words or code, newest first', () => {
  expect(select({})).toEqual(['task-failed', 'peer-behind', 'tab-joined']);
  expect(select({ level: 'warning' })).toEqual(['task-failed', 'peer-behind']);
  expect(select({ level: 'error' })).toEqual(['task-failed']);
  expect(select({ area: 'hub' })).toEqual(['tab-joined']);
  expect(select({ text: ' JOINED, 3 ' })).toEqual(['tab-joined']);
  expect(select({ text: 'peer-beh' })).toEqual(['peer-behind']);
  // The display shows only the end of this id.
  expect(select({ text: '12D3abc' })).toEqual(['peer-behind']);
});

it('writes the full entry', () => {
  expect(logLine(entries[0]!)).toBe('1970-01-01T00:00:00.000Z info hub tab-joined {"tabs":3}');
});
