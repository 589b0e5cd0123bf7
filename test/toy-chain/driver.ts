import type { ChainDriver } from '../../src/engine/driver.ts';
import { IndexedDbRows } from '../../src/storage/indexed-db-rows.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { checkToyNetwork, type ToyNetwork } from './counter.ts';
import { type Dress, ToyClient } from './toy-client.ts';
import { toyNetworkView } from './toy-network-view.ts';
import { ToyStore } from './toy-store.ts';

/** The second chain: small, and there to keep the walls between hub and chains honest. `dress`: what a page is told in place of its own details. */
export function toyDriverOf(chain: string, dress?: Dress): ChainDriver<ToyNetwork> {
  return {
    chain,
    checkNetwork: checkToyNetwork,
    networkView: (network) => ({ ...toyNetworkView(network), ...(dress && { details: dress.network }) }),
    async start(context) {
      const { network, database, memoryOnly, notice } = context;
      const memory = () => new ToyStore(new MemoryRows(), network);
      const disk = () => new ToyStore(new IndexedDbRows({ name: database }), network);
      const { store, fencing } = await openStore(memoryOnly ? memory : disk, memory, (code, data) => notice('warning', `storage-${code}`, data));
      const client = new ToyClient(context, store, await store.load(), dress);
      client.start();
      return { client, fencing };
    },
  };
}

export const toyDriver = toyDriverOf('toy');
