import type { Client } from '../client/types.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';

/** Counts the transactions of an address that were included, became final or lost their block. All stores of the address share one subscription. */
export const addressChanges: (client: Client, address: string) => ExternalStore<number> = keyedStores((client, address) => externalStore(0, (set) => watchOnceLive(client, address, () => set((count) => count + 1))));

/** Begins when the client follows the head: before that there is no peer to tell of an address, and the client tries again only after some seconds. */
function watchOnceLive(client: Client, address: string, onChange: () => void): () => void {
  let stop: (() => void) | undefined;
  const end = client.on('status', ({ consensus }) => {
    if (consensus !== 'established') return;
    stop ??= client.watch([address], ({ state }) => {
      if (state !== 'sent') onChange();
    });
  });
  return () => {
    end();
    stop?.();
  };
}
