import { ClientError } from '../bridge/errors.ts';
import type { Locks } from '../bridge/liveness-lock.ts';
import { openChannel } from '../bridge/named-port.ts';
import { namesOf } from '../bridge/names.ts';
import type { Clock } from '../engine/clock.ts';
import { startDedicatedHub, startSharedHub, type WorkerFactories } from './default-workers.ts';
import { electedHost } from './elected-host.ts';
import { workerHost, type HostKind } from './host.ts';
import { Seat } from './seat.ts';

/** Where the hub runs: `shared`, a SharedWorker; `elected`, the worker of one tab for all; `single`, a worker of this tab's own. */
export type HostChoice = 'shared' | 'elected' | 'single';

/** In the order in which they are tried. What each needs of the browser is looked for, never who the browser is. */
const needs: Readonly<Record<HostChoice, readonly string[]>> = { shared: ['SharedWorker'], elected: ['Worker', 'BroadcastChannel'], single: ['Worker'] };

export interface HostOptions {
  readonly host: HostChoice | undefined;
  readonly genesisHash: string;
  readonly build: string;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly startHub: WorkerFactories['hub'] | undefined;
  /** `globalThis` outside tests. */
  readonly scope: object;
}

/**
 * The ways to a hub in this browser, the best first; only the one that was asked for where one was.
 * @throws ClientError `bad-host` (`data.host`, `data.known`) or, where the browser cannot, `missing-features`.
 */
export function chooseHosts({ host, genesisHash, build, locks, clock, startHub, scope }: HostOptions): { readonly kinds: readonly HostKind[]; readonly seat: Seat | undefined } {
  const known = Object.keys(needs) as HostChoice[];
  if (host !== undefined && !known.includes(host)) throw new ClientError('bad-host', { host: String(host), known: known.join(', ') });
  const missing = (choice: HostChoice) => needs[choice].filter((name) => (scope as Readonly<Record<string, unknown>>)[name] === undefined);
  if (host && missing(host).length > 0) throw new ClientError('missing-features', { missing: missing(host).join(', ') });
  const shared = namesOf(genesisHash, build);
  const elected = namesOf(genesisHash, build, 'elected');
  // Its own starter decides, by what it returns, but for the elected host, which is the worker's name and this page's doing.
  if (startHub && host !== 'elected') return { kinds: [workerHost(shared, startHub)], seat: undefined };

  const seat = new Seat({ names: elected, locks, clock, start: (startHub ?? startDedicatedHub) as (options: { readonly name: string }) => Worker });
  const make: Readonly<Record<HostChoice, () => HostKind>> = {
    shared: () => workerHost(shared, startSharedHub),
    elected: () => electedHost({ seat, names: elected, locks, clock, channel: openChannel }),
    single: () => workerHost(shared, startDedicatedHub),
  };
  const able = known.filter((choice) => missing(choice).length === 0);
  // Where a SharedWorker fails in one tab the others may have it: an elected hub would wait for that one, this tab's own works in memory meanwhile.
  const wanted = host ? [host] : able.filter((choice) => choice !== 'elected' || !able.includes('shared'));
  return { kinds: wanted.map((choice) => make[choice]()), seat };
}
