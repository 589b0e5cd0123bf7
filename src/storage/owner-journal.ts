import type { RowWrite } from './rows.ts';

/** Entries kept; the oldest are dropped. The tests read the journal more often than that. */
const MAX_ENTRIES = 2_000;

export type JournalKind = 'grant' | 'write' | 'release';

/** `total`: entries ever made. An entry holds the event and the hub that caused it. */
export interface OwnerJournalRow {
  readonly total: number;
  readonly entries: readonly (readonly [JournalKind, string])[];
}

/**
 * Records which hub wrote to the database, for tests (setting `ownerJournal`). Each hub adds an entry to the row `meta/journal` in the same
 * transaction that the entry describes, so the order of the entries is the order of the events. If a stale owner's write had succeeded, it
 * would come after the next owner's grant.
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
