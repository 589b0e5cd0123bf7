import type { RowWrite } from './rows.ts';

/** Entries kept; the oldest go. Who judges looks more often than that. */
const MAX_ENTRIES = 2_000;

export type JournalKind = 'grant' | 'write' | 'release';

/** `total`: entries ever made. An entry: what happened, and the hub that did it. */
export interface OwnerJournalRow {
  readonly total: number;
  readonly entries: readonly (readonly [JournalKind, string])[];
}

/**
 * Who wrote to the database, for tests (setting `ownerJournal`): each hub adds to the row `meta/journal` in the very transaction that it tells of, so the
 * order of the entries is the order of what happened. A write of a stale owner that had succeeded would stand behind the grant of the next.
 */
export class OwnerJournal {
  readonly #hub: string;

  constructor(hub: string) {
    this.#hub = hub;
  }

  entry(row: Uint8Array | undefined, kind: JournalKind): RowWrite {
    const { total, entries } = row ? (JSON.parse(new TextDecoder().decode(row)) as OwnerJournalRow) : { total: 0, entries: [] };
    const next: OwnerJournalRow = { total: total + 1, entries: [...entries, [kind, this.#hub] as const].slice(-MAX_ENTRIES) };
    return { table: 'meta', key: 'journal', value: new TextEncoder().encode(JSON.stringify(next)) };
  }
}
