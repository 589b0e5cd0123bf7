// Tests: `test/stacks/driver.test.ts`.
import { insecureSocketsOpen } from '../../base/system.ts';
import type { ChainDriver, ClientContext } from '../../engine/driver.ts';
import { FollowClient } from '../../engine/follow/follow-client.ts';
import { followLog } from '../../engine/follow/follow-log.ts';
import { RequestError } from '../../engine/peers/peer-net.ts';
import { fullAttention } from '../../engine/live/attention.ts';
import { syncConfig } from '../../engine/sync/default-sync-config.ts';
import { RequestCounts } from '../../network/http/request-counts.ts';
import { Rests } from '../../network/http/rests.ts';
import { IndexedDbRows } from '../../storage/indexed-db-rows.ts';
import { MemoryRows } from '../../storage/memory-rows.ts';
import { openStore } from '../../storage/open-store.ts';
import { OwnedRows } from '../../storage/owned-rows.ts';
import { mayReturn, StoreReturn } from '../../storage/store-return.ts';
import { markForWipe } from '../../storage/wipe-mark.ts';
import { checkStacksNetwork, type StacksNetwork } from './chain/network.ts';
import { parametersHash } from './chain/parameters-hash.ts';
import { openStacks } from './client/open-stacks.ts';
import { STACKS_SYNC, stacksPlan } from './client/stacks-strategy.ts';
import { networkViewOf } from './client/stacks-views.ts';
import { gatewayAddress, gatewayRefusal } from './net/gateway-address.ts';
import { pollPace } from './net/gateway-pace.ts';
import { GatewaySession } from './net/gateway-session.ts';
import { createHttpGateway } from './net/http-gateway.ts';

/** Stacks, Nakamoto blocks, over the HTTP interface of its nodes. */
export const stacksDriver: ChainDriver<StacksNetwork> = { chain: 'stacks', checkNetwork: checkStacksNetwork, networkView: networkViewOf, start };

async function start({ network, verify, database, memoryOnly, clock, random, settings }: ClientContext<StacksNetwork>) {
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
  const allowInsecure = settings.allowInsecure && insecureSocketsOpen();
  const sync = syncConfig(STACKS_SYNC);
  let storeChanged = (): void => undefined;
  let attention = fullAttention;
  const rests = new Rests();
  const counts = new RequestCounts();
  const sessions = new Set<GatewaySession>();
  try {
    const { chain, keeper } = await openStacks(first.store, {
      network, clock, verify, log, memory,
      changed: () => storeChanged(),
      markWipe: () => markForWipe(database),
      failed: (code) => {
        log.notice('storage', 'warning', `storage-${code}`);
        if (mayReturn(code)) returning.begin();
      },
      attention: (changed) => {
        attention = changed;
        for (const session of sessions) session.paceChanged();
      },
      async connect(address, { handlers, ...hooks }, options) {
        const known = gatewayAddress(address);
        if (!known) throw new RequestError('no-receiver', `cannot ask ${address.slice(0, 100)}`);
        // Not the function itself: a browser wants it called with the scope as `this`.
        const gateway = createHttpGateway(known.url, { clock, rests, counts, fetch: (input, init) => fetch(input, init) });
        let session: GatewaySession | undefined;
        session = await GatewaySession.open({
          ...hooks, gateway, network, clock,
          pace: () => pollPace(attention),
          handlers: {
            ...handlers,
            closed: (code) => {
              if (session) sessions.delete(session);
              handlers.closed(code);
            },
          },
        }, options);
        sessions.add(session);
        return session;
      },
    });
    const returning = new StoreReturn({
      clock,
      async attempt() {
        const again = await openStore(disk);
        await keeper.moveTo(again.store);
        ({ fencing } = again);
        log.notice('storage', 'info', 'storage-reopened');
      },
      onFailed: (code) => void log.add('storage', 'info', 'storage-not-yet', { reason: code }),
    });
    const seeds = settings.seeds.length > 0 ? settings.seeds : network.gateways;
    // Nobody tells of other gateways, as peers do elsewhere. Half of the named ones do: a banned one must not stop a client whose others are honest.
    const minPeers = Math.max(1, Math.min(settings.minPeers, Math.ceil(new Set(seeds).size / 2)));
    const client = new FollowClient({
      chain, log, events, clock, random, sync, returning,
      settings: { ...settings, minPeers },
      headersOnly: true,
      plans: stacksPlan,
      seeds,
      // Bitcoin may rest for an hour, and with it the tenures; blocks may, too.
      blockTime: undefined,
      refusal: (address) => gatewayRefusal(address, { allowInsecure }),
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
