import type { Client } from '../client/types.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';

/** Counts the transactions of an address that were included, became final or lost their block. All stores of the address share one subscription. */
export const addressChanges: (client: Client, address: string) => ExternalStore<number> = keyedStores((client, address) =>
  externalStore(0, (set) =>
    client.watch([address], ({ state }) => {
      if (state !== 'sent') set((count) => count + 1);
    }),
  ),
);
