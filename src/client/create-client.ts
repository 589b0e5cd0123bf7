// Tests: `e2e/package.spec.ts`, `e2e/hosts.spec.ts`.
import type { NetworkParameters, Seed } from '../chains/albatross/chain/network.ts';
import { ClientError } from '../bridge/errors.ts';
import { buildId } from '../bridge/life/build-id.ts';
import type { HubApi, HubMethod } from '../bridge/calls/hub-api.ts';
import { holdLock, type Locks } from '../bridge/life/liveness-lock.ts';
import { namesOf } from '../bridge/life/names.ts';
import { openLocks } from '../bridge/life/open-locks.ts';
import { chainOf } from '../base/origin-name.ts';
import { pageClock } from '../base/page-clock.ts';
import type { CallOptions, Client } from './types.ts';
import { Connection } from './connection.ts';
import { chooseHosts } from './choose-hosts.ts';
import { startPump, startSignatures, startZkp } from './default-workers.ts';
import { EventRegistry } from './event-registry.ts';
import type { HostChoice } from './host-choice.ts';
import { requirePlain } from './plain-options.ts';
import { networkNamed, type NetworkName } from './networks.ts';
import { watchPresence, type PageScope } from './presence.ts';
import { requireFeatures } from './required-features.ts';
import { RtcBudget } from './rtc-budget.ts';
import type { Ask } from './ask.ts';
import { hotStuff2Api } from './hotstuff2-api.ts';
import { stacksApi } from './stacks-api.ts';
import { molochApi } from './moloch-api.ts';
import { syncApi } from './sync-api.ts';
import { walletApi } from './wallet-api.ts';
import type { WorkerFactories } from './worker-factories.ts';

/** @unstable Until version 1.0 anything here may change. */
export interface ClientOptions {
  /** A built-in network by name, or custom parameters; the hub checks them. */
  readonly network: NetworkName | NetworkParameters;
  /** Multiaddresses to dial first, instead of the network's seeds. */
  readonly seeds?: readonly string[] | undefined;
  /**
   * Settings that differ from the defaults, by name; strings as in a URL are accepted. With several tabs, the first tab's settings are in
   * force.
   */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Where the client runs; by default the first of `shared`, `elected` and `single` that this browser supports. Tabs with different values
   * wait for each other.
   */
  readonly host?: HostChoice | undefined;
  /** Functions that start the workers, if the defaults (module workers beside this file, as bundlers find them) do not fit. */
  readonly workers?: Partial<WorkerFactories> | undefined;
}

/**
 * Connects this page to the client of its origin and network, and starts that client if no other tab has. Resolves when the hub has
 * answered, which it does before it has synced or even connected to peers: watch `status`.
 *
 * @throws ClientError `insecure-context`, `missing-features` (both with `data.missing`), `bad-host`, `bad-options`, `unknown-network`,
 * `network-not-loaded`, `worker-failed`, `hub-unreachable`, `hub-hangs`.
 * @throws HelloError when the hub refuses: `bad-network`, `bad-settings`, `network-mismatch`, `protocol-mismatch`, `build-mismatch`, …
 * @unstable Until version 1.0 anything here may change.
 */
export async function createClient(options: ClientOptions): Promise<Client> {
  requireFeatures(globalThis);
  requirePlain('network', options.network);
  requirePlain('settings', options.settings);
  const parameters = typeof options.network === 'string' ? await networkNamed(options.network) : options.network;
  const network = options.seeds ? { ...parameters, seeds: options.seeds.map((named) => seedOf(named, parameters)) } : parameters;
  // Unchecked: the hub refuses parameters without one.
  const named = { chain: chainOf(network), genesisHash: textOf((network as Partial<NetworkParameters> | null)?.genesisHash) };
  const names = namesOf(named, buildId);
  const locks = openLocks(navigator.locks as unknown as Locks);
  const hosts = chooseHosts({
    host: options.host,
    network: named,
    build: buildId,
    locks,
    clock: pageClock,
    startHub: options.workers?.hub,
    alone: await locks.alone(),
    scope: globalThis,
  });
  const tab = crypto.randomUUID();
  // Take the lock before the hello: if a tab's lock is free, the hub treats that tab as gone.
  const alive = await holdLock(locks, names.tab(tab));

  const events = new EventRegistry((wanted) => connection.subscribe(wanted));
  let paused = false;
  // The hub treats a page that needs no network like one that is frozen.
  const reported = () => ({ ...presence.now, frozen: presence.now.frozen || paused });
  const presence = watchPresence(globalThis as unknown as PageScope, (now) => {
    connection.reportPresence(reported());
    hosts.seat?.sleep(now.frozen);
  });
  const pause = (next: boolean) => {
    paused = next;
    connection.reportPresence(reported());
  };
  const connection: Connection = new Connection({
    hosts: hosts.kinds,
    onEvent: (name, event) => events.dispatch(name, event),
    onDropped: ({ notices, log }) =>
      events.dispatch('notice', { time: pageClock.now(), level: 'warning', code: 'events-dropped', data: { notices, log } }),
    session: {
      build: buildId,
      tab,
      network,
      settings: options.settings ?? {},
      locks,
      clock: pageClock,
      presence: reported,
      startVerifier: { signatures: options.workers?.signatures ?? startSignatures, zkp: options.workers?.zkp ?? startZkp },
      rtc: {
        connect: typeof RTCPeerConnection === 'undefined' ? undefined : (configuration) => new RTCPeerConnection(configuration),
        startPump: options.workers?.pump ?? startPump,
        budget: new RtcBudget(() => sessionStorage),
      },
    },
  });
  try {
    await connection.open();
  } catch (error) {
    presence.stop();
    await hosts.seat?.leave();
    alive.release();
    throw error;
  }

  const call = <M extends HubMethod>(method: M, args: Parameters<HubApi[M]>, callOptions?: CallOptions): ReturnType<HubApi[M]> =>
    connection.call(method, args, callOptions) as ReturnType<HubApi[M]>;
  const ended = new AbortController();
  const ask: Ask = (question, args, callOptions) => call('ask', [question, args], callOptions);
  return {
    getStatus: (callOptions) => call('getStatus', [], callOptions),
    getHead: (callOptions) => call('getHead', [], callOptions),
    getBlock: (hashOrHeight, callOptions) => call('getBlock', [hashOrHeight], callOptions),
    getPeers: (callOptions) => call('getPeers', [], callOptions),
    getTrust: (callOptions) => call('getTrust', [], callOptions),
    getLog: (callOptions) => call('getLog', [], callOptions),
    wipe: (callOptions) => call('wipe', [], callOptions),
    exportSnapshot: (callOptions) => call('exportSnapshot', [], callOptions),
    importSnapshot: (bytes, callOptions) => call('importSnapshot', [bytes], callOptions),
    ...walletApi(ask, { clock: pageClock, ended: ended.signal }),
    sync: syncApi(ask),
    hotstuff2: hotStuff2Api(ask),
    stacks: stacksApi(ask),
    moloch: molochApi(ask),
    closeNotice: ({ code, time }, callOptions) => call('closeNotice', [code, time], callOptions),
    pause: () => pause(true),
    resume: () => pause(false),
    on: (event, listener) => events.on(event, listener),
    async close() {
      ended.abort(new ClientError('closed'));
      events.close();
      presence.stop();
      await connection.close();
      await hosts.seat?.leave();
      alive.release();
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A seed that is also in the network file keeps the operator given there. The hub checks the file, not this code. */
function seedOf(named: string, parameters: NetworkParameters): Seed {
  const seeds: unknown = (parameters as Partial<NetworkParameters> | null)?.seeds;
  const known = Array.isArray(seeds) ? (seeds as readonly (Partial<Exclude<Seed, string>> | null)[]).find((seed) => seed?.address === named) : undefined;
  return (known as Seed | undefined) ?? named;
}
