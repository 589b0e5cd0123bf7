import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { createMemoryStore } from './memory-store.ts';
import { TABLES } from '../../../storage/rows.ts';
import { type RawRow, storeCompliance } from '../../../../test/support/store-compliance.ts';

storeCompliance('memory', async () => {
  const rows = new MemoryRows();
  return {
    open: () => createMemoryStore({ network: unitAlbatross, rows }),
    async rows() {
      const all: RawRow[] = [];
      for (const table of TABLES) {
        for (const key of await rows.keys(table)) {
          const [value] = await rows.get([{ table, key }]);
          all.push({ table, key, value: value! });
        }
      }
      return all;
    },
    poke: (row) => rows.write({ durability: 'relaxed', writes: [row] }, () => []),
    onWrite(spy) {
      rows.onWrite = spy && ((write) => spy(write.table, write.key));
    },
  };
});
