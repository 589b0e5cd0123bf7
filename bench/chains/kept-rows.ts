import { MemoryRows } from '../../src/storage/memory-rows.ts';
import type { Rows } from '../../src/storage/rows.ts';

/** Rows in memory that say they are a database: a chain whose store is memory may write nothing, for it holds everything itself. */
export function keptRows(): Rows {
  const rows = new MemoryRows();
  return {
    kind: 'indexeddb',
    rebuilt: false,
    get: (wanted) => rows.get(wanted),
    keys: (table) => rows.keys(table),
    write: (batch, guard) => rows.write(batch, guard),
    size: () => rows.size(),
    close: () => rows.close(),
  };
}
