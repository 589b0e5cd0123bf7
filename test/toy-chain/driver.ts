import type { ChainDriver } from '../../src/engine/driver.ts';
import { IndexedDbRows } from '../../src/storage/indexed-db-rows.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { checkToyNetwork, type ToyNetwork } from './counter.ts';
import { ToyClient } from './toy-client.ts';
import { toyNetworkView } from './toy-network-view.ts';
import { ToyStore } from './toy-store.ts';

/** The second chain: small, and there to keep the walls between hub and chains honest. */
export const toyDriver: ChainDriver<ToyNetwork> = {
  chain: 'toy',
  checkNetwork: checkToyNetwork,
  networkView: toyNetworkView,
  async start(context) {
    const { network, database, memoryOnly, notice } = context;
    const memory = () => new ToyStore(new MemoryRows(), network);
    const disk = () => new ToyStore(new IndexedDbRows({ name: database }), network);
    const { store, fencing } = await openStore(memoryOnly ? memory : disk, memory, (code, data) => notice('warning', `storage-${code}`, data));
    const client = new ToyClient(context, store, await store.load());
    client.start();
    return { client, fencing };
  },
};
