import { insecureSocketsOpen } from '../../base/system.ts';
import type { ChainDriver, ClientContext } from '../../engine/driver.ts';
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
import { checkMolochNetwork, type MolochNetwork } from './chain/network.ts';
import { networkViewOf } from './client/moloch-views.ts';
import { chooseMoloch, MOLOCH_SYNC, molochPlan } from './client/moloch-strategy.ts';
import { openMolochChain } from './client/open-moloch-chain.ts';
import { parametersHash } from './store/stored-records.ts';

/** Moloch, over the extension profile `moloch-ext/1` or the plain messages of its crates. */
export const molochDriver: ChainDriver<MolochNetwork> = { chain: 'moloch', checkNetwork: checkMolochNetwork, networkView: networkViewOf, start };

async function start({ network, verify: jobs, database, memoryOnly, clock, random, settings }: ClientContext<MolochNetwork>) {
  const { log, events, started } = followLog(clock, settings.logEntries);
  const parameters = parametersHash(network);
  const memory = () => new OwnedRows(new MemoryRows(), parameters);
  const disk = () => new OwnedRows(new IndexedDbRows({ name: database }), parameters);
  let failure: string | undefined;
  const first = await openStore(memoryOnly ? memory : disk, memory, (code, data) => {
    failure = code;
    log.notice('storage', 'warning', `storage-${code}`, data);
  });
  let { fencing } = first;
  const means = { ...settings, allowInsecure: settings.allowInsecure && insecureSocketsOpen() };
  let storeChanged = (): void => undefined;
  try {
    const { chain, keeper } = await openMolochChain({
      rows: first.store, network, clock, random, jobs, cap: settings.storageCap, allowInsecure: means.allowInsecure, uploadCap: settings.uploadCap,
      changed: () => storeChanged(),
      markWipe: () => markForWipe(database),
      failed: (code) => {
        log.notice('storage', 'warning', `storage-${code}`);
        if (mayReturn(code)) returning.begin();
      },
    });
    const { height } = chain.tip();
    if (height > 0) log.add('storage', 'info', 'stored-chain-restored', { height });
    const returning = new StoreReturn({
      clock,
      async attempt() {
        const again = await openStore(disk);
        try {
          await keeper.moveTo(again.store);
        } catch (error) {
          await again.store.close().catch(() => undefined);
          throw error;
        }
        ({ fencing } = again);
        log.notice('storage', 'info', 'storage-reopened');
      },
      onFailed: (code) => void log.add('storage', 'info', 'storage-not-yet', { reason: code }),
    });
    const { headersOnly } = settings;
    const client = new FollowClient({
      chain, log, events, clock, random, settings, headersOnly,
      seeds: settings.seeds.length > 0 ? settings.seeds : network.seeds,
      blockTime: network.blockTime,
      sync: syncConfig(MOLOCH_SYNC),
      choose: chooseMoloch({ headersOnly }),
      plans: molochPlan,
      refusal: (address) => socketRefusal(address, means),
      returning,
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
    await first.store.close();
    throw error;
  }
}
