import { insecureSocketsOpen } from '../../base/system.ts';
import type { ChainDriver, ClientContext } from '../../engine/driver.ts';
import { openStore } from '../../storage/open-store.ts';
import { OwnerJournal } from '../../storage/owner-journal.ts';
import { mayReturn } from '../../storage/store-return.ts';
import { markForWipe } from '../../storage/wipe-mark.ts';
import { checkNetworkParameters, loadGenesis } from './chain/network-parameters.ts';
import type { NetworkParameters } from './chain/network.ts';
import { networkView } from './client/block-views.ts';
import { startLightClient } from './client/light-client.ts';
import { createIndexedDbStore } from './store/indexed-db-store.ts';
import { createMemoryStore } from './store/memory-store.ts';

/** Nimiq Albatross, block versions 1 and 2. */
export const albatrossDriver: ChainDriver<NetworkParameters> = {
  chain: 'albatross',
  checkNetwork: checkNetworkParameters,
  networkView: (network) => networkView(network, loadGenesis(network).header.blockNumber),
  start,
};

async function start({ network, settings, database, hub, memoryOnly, notice, ...means }: ClientContext<NetworkParameters>) {
  const journal = settings.ownerJournal ? new OwnerJournal(hub) : undefined;
  const disk = () => createIndexedDbStore({ network, name: database, journal, onReopened: () => notice('info', 'storage-reopened', {}) });
  const memory = () => createMemoryStore({ network });
  let failure: string | undefined;
  const first = await openStore(memoryOnly ? memory : disk, memory, (code, data) => {
    failure = code;
    notice('warning', `storage-${code}`, data);
  });
  const { store } = first;
  let { fencing } = first;
  const reopen = async () => {
    const again = await openStore(disk);
    ({ fencing } = again);
    return again.store;
  };
  try {
    const allowInsecure = settings.allowInsecure && insecureSocketsOpen();
    const client = await startLightClient({ network, store, reopen, markWipe: () => markForWipe(database), settings: { ...settings, allowInsecure }, ...means });
    if (failure !== undefined && mayReturn(failure)) client.returnToStore();
    return {
      client,
      get fencing() {
        return fencing;
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
