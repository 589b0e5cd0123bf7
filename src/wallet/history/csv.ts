import { plainNim } from '../../ui/nim.ts';
import type { Labels } from '../kept/labels.ts';
import type { HistoryRow } from './history-row.ts';

const columns = ['time', 'kind', 'received NIM', 'sent NIM', 'fee NIM', 'other address', 'label', 'message', 'state', 'block', 'hash'] as const;

/**
 * The rows as CSV (RFC 4180): times in ISO 8601, amounts exact with a point, each value of a failed transaction 0. A text that a spreadsheet
 * would run as a formula gets an apostrophe before it; so does one after a semicolon or a tab, which separate cells in many languages.
 */
export function historyCsv(rows: readonly HistoryRow[], labels: Labels): string {
  const lines = rows.map((row) => {
    const { time, kind, direction, value, fee, other, message, failed, state, height, hash } = row;
    const moved = failed ? 0n : value;
    return [
      new Date(time).toISOString(),
      kind,
      direction === 'in' ? plainNim(moved) : '',
      direction === 'out' ? plainNim(moved) : '',
      fee > 0n ? plainNim(fee) : '',
      other,
      labels[other] ?? '',
      message,
      failed ? 'failed' : state === 'confirmed' ? 'final' : 'can still change',
      String(height),
      hash,
    ];
  });
  return [columns, ...lines].map((cells) => `${cells.map((cell) => cellOf(cell)).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const safe = text.replaceAll(/(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r\n])/gu, "$1'");
  return /[",\r\n]/u.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
