import { insecureSocketsOpen } from '../../base/system.ts';
import type { ChainDriver } from '../../engine/driver.ts';
import { FollowClient } from '../../engine/follow/follow-client.ts';
import { followLog } from '../../engine/follow/follow-log.ts';
import { syncConfig } from '../../engine/sync/default-sync-config.ts';
import { socketRefusal } from '../../network/framed/web-socket-url.ts';
import { IndexedDbRows } from '../../storage/indexed-db-rows.ts';
import { MemoryRows } from '../../storage/memory-rows.ts';
import { openStore } from '../../storage/open-store.ts';
import { OwnedRows } from '../../storage/owned-rows.ts';
import { mayReturn, StoreReturn } from '../../storage/store-return.ts';
import { markForWipe } from '../../storage/wipe-mark.ts';
import { checkHotStuff2Network } from './chain/network.ts';
import type { Hs2Network } from './chain/network.ts';
import { parametersHash } from './chain/parameters-hash.ts';
import { networkViewOf } from './client/hotstuff2-views.ts';
import { openHotStuff2 } from './client/open-hotstuff2.ts';

/** HotStuff-2, block format `hs2-light/1`, over `hs2-sync/1`. */
export const hotStuff2Driver: ChainDriver<Hs2Network> = {
  chain: 'hotstuff2',
  checkNetwork: checkHotStuff2Network,
  networkView: networkViewOf,
  async start({ network, database, memoryOnly, clock, random, settings, verify }) {
    const { log, events, started } = followLog(clock, settings.logEntries);
    const parameters = parametersHash(network);
    const memory = () => new OwnedRows(new MemoryRows(), parameters);
    const disk = () => new OwnedRows(new IndexedDbRows({ name: database }), parameters);
    let failure: string | undefined;
    const { store, fencing: first } = await openStore(memoryOnly ? memory : disk, memory, (code, data) => {
      failure = code;
      log.notice('storage', 'warning', `storage-${code}`, data);
    });
    let fencing = first;
    let storeChanged = (): void => undefined;
    try {
      const allowInsecure = settings.allowInsecure && insecureSocketsOpen();
      const chain = await openHotStuff2(store, {
        network, clock, verify, log, sync: syncConfig(), storageCap: settings.storageCap,
        changed: () => storeChanged(),
        markWipe: () => markForWipe(database),
        failed: (code) => {
          log.notice('storage', 'warning', `storage-${code}`);
          if (mayReturn(code)) returning.begin();
        },
      });
      const returning = new StoreReturn({
        clock,
        async attempt() {
          const again = await openStore(disk);
          try {
            await chain.keeper.moveTo(again.store);
          } catch (error) {
            await again.store.close().catch(() => undefined);
            throw error;
          }
          ({ fencing } = again);
          log.notice('storage', 'info', 'storage-reopened');
        },
        onFailed: (code) => void log.add('storage', 'info', 'storage-not-yet', { reason: code }),
      });
      // After a pinned block the state can only come with a snapshot.
      const sync = syncConfig(chain.chain.state ? {} : { defaultStrategy: 'fast' });
      const client = new FollowClient({
        chain, log, events, clock, random, settings, sync, returning,
        seeds: network.seeds,
        blockTime: network.blockTime,
        refusal: (address) => socketRefusal(address, { allowInsecure }),
      });
      storeChanged = () => client.storeChanged();
      started();
      if (failure !== undefined && mayReturn(failure)) returning.begin();
      client.start();
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
  },
};
