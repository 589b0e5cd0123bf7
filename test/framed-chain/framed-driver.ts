import { fromHex } from '../../src/base/bytes.ts';
import type { ChainDriver } from '../../src/engine/driver.ts';
import { FollowClient } from '../../src/engine/follow/follow-client.ts';
import { followLog } from '../../src/engine/follow/follow-log.ts';
import { syncConfig } from '../../src/engine/sync/default-sync-config.ts';
import { socketRefusal } from '../../src/network/framed/web-socket-url.ts';
import { IndexedDbRows } from '../../src/storage/indexed-db-rows.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { OwnedRows } from '../../src/storage/owned-rows.ts';
import { checkToyNetwork, type ToyNetwork } from '../toy-chain/counter.ts';
import { toyNetworkView } from '../toy-chain/toy-network-view.ts';
import { openToyChain } from './framed-chain.ts';

/** The toy chain on the parts that real chains share: frames over WebSocket, the engine's sync, the one client, blocks in segments. */
export const framedDriver: ChainDriver<ToyNetwork> = {
  chain: 'toy',
  checkNetwork: checkToyNetwork,
  networkView: toyNetworkView,
  async start({ network, database, memoryOnly, clock, random, settings }) {
    const { log, events, started } = followLog(clock, settings.logEntries);
    const parameters = fromHex(network.genesisHash);
    const memory = () => new OwnedRows(new MemoryRows(), parameters);
    const disk = () => new OwnedRows(new IndexedDbRows({ name: database }), parameters);
    const { store, fencing } = await openStore(memoryOnly ? memory : disk, memory, (code, data) => log.notice('storage', 'warning', `storage-${code}`, data));
    const client = new FollowClient({
      chain: await openToyChain(store, { network, clock }), log, events, clock, random, settings, seeds: network.seeds, blockTime: undefined,
      sync: syncConfig(), refusal: (address) => socketRefusal(address, settings),
    });
    started();
    client.start();
    return { client, fencing };
  },
};
