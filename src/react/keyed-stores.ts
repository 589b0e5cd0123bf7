import type { Client } from '../client/types.ts';

/** Stores of one client; of more, the one that was used longest ago is made anew when it is needed again. */
const KEPT = 100;

/** Gives the same store for the same client and key (an address or a hash), however many components use it. */
export function keyedStores<Store>(create: (client: Client, key: string) => Store): (client: Client, key: string) => Store {
  const ofClients = new WeakMap<Client, Map<string, Store>>();
  return (client, key) => {
    const stores = ofClients.get(client) ?? new Map<string, Store>();
    ofClients.set(client, stores);
    const store = stores.get(key) ?? create(client, key);
    stores.delete(key);
    stores.set(key, store);
    for (const oldest of stores.keys()) {
      if (stores.size <= KEPT) break;
      stores.delete(oldest);
    }
    return store;
  };
}
