import type { OwnerJournalRow } from '../../../src/storage/owner-journal.ts';

/** Checks the journal that hubs keep in the database: each write must be by the hub that got the last grant and has not released it. */
export class OwnerJudge {
  #seen = 0;
  #owner: string | undefined;
  grants = 0;
  writes = 0;

  /** @returns the violations, as texts. */
  judge({ total, entries }: OwnerJournalRow): readonly string[] {
    const fresh = total - this.#seen;
    if (fresh > entries.length) return [`${fresh} entries since the last look, ${entries.length} kept`];
    this.#seen = total;
    return (fresh > 0 ? entries.slice(-fresh) : []).flatMap(([kind, hub]) => {
      if (kind === 'grant') {
        this.grants += 1;
        this.#owner = hub;
      } else if (kind === 'write') {
        this.writes += 1;
        if (hub !== this.#owner) return [`a write of ${hub} while ${this.#owner ?? 'nobody'} is the owner (grant ${this.grants})`];
      } else if (hub === this.#owner) {
        this.#owner = undefined;
      }
      return [];
    });
  }
}
