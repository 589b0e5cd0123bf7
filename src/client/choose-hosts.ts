import { ClientError } from '../bridge/errors.ts';
import type { Locks } from '../bridge/life/liveness-lock.ts';
import { openChannel } from '../bridge/ports/named-port.ts';
import { namesOf } from '../bridge/life/names.ts';
import type { Clock } from '../base/clock.ts';
import type { NetworkRef } from '../base/origin-name.ts';
import { hubScript, startDedicatedHub, startSharedHub } from './default-workers.ts';
import { electedHost } from './elected-host.ts';
import type { HostChoice } from './host-choice.ts';
import { workerHost, type HostKind } from './host.ts';
import { Seat } from './seat.ts';
import type { WorkerFactories } from './worker-factories.ts';

/** In the order in which they are tried. Each is chosen by the features that it needs, never by the name of the browser. */
const needs: Readonly<Record<HostChoice, readonly string[]>> = { shared: ['SharedWorker'], elected: ['Worker', 'BroadcastChannel'], single: ['Worker'] };

export interface HostOptions {
  readonly host: HostChoice | undefined;
  readonly network: NetworkRef;
  readonly build: string;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly startHub: WorkerFactories['hub'] | undefined;
  /** The browser does not let tabs see each other (`open-locks.ts`). */
  readonly alone: boolean;
  /** `globalThis` outside tests. */
  readonly scope: object;
}

/**
 * The kinds of host that work in this browser, the best first; or only the requested one.
 * @throws ClientError `bad-host` (`data.host`, `data.known`) or, if the browser lacks a feature, `missing-features`.
 */
export function chooseHosts({ host, network, build, locks, clock, startHub, alone, scope }: HostOptions): { readonly kinds: readonly HostKind[]; readonly seat: Seat | undefined } {
  const known = Object.keys(needs) as HostChoice[];
  if (host !== undefined && !known.includes(host)) throw new ClientError('bad-host', { host: String(host), known: known.join(', ') });
  const missing = (choice: HostChoice) => needs[choice].filter((name) => (scope as Readonly<Record<string, unknown>>)[name] === undefined);
  if (host && missing(host).length > 0) throw new ClientError('missing-features', { missing: missing(host).join(', ') });
  const shared = namesOf(network, build);
  const elected = namesOf(network, build, 'elected');
  // The embedder's own starter decides the kind by the worker it returns. The elected host is an exception: there the worker's name and
  // this page's election matter.
  if (startHub && host !== 'elected') return { kinds: [workerHost(shared, startHub)], seat: undefined };

  const seat = new Seat({ names: elected, locks, clock, start: (startHub ?? startDedicatedHub) as (options: { readonly name: string }) => Worker, script: startHub ? undefined : hubScript });
  const make: Readonly<Record<HostChoice, () => HostKind>> = {
    shared: () => workerHost(shared, startSharedHub, hubScript),
    elected: () => electedHost({ seat, names: elected, locks, clock, channel: openChannel }),
    single: () => workerHost(shared, startDedicatedHub, hubScript),
  };
  const able = known.filter((choice) => missing(choice).length === 0);
  // If a SharedWorker fails in one tab, other tabs may still have it. An elected hub would wait for that hub, so this tab's own hub works
  // in memory meanwhile.
  const wanted = host ? [host] : able.filter((choice) => (alone ? choice === 'single' : choice !== 'elected' || !able.includes('shared')));
  return { kinds: wanted.map((choice) => make[choice]()), seat };
}
