import { chainIn } from '../base/origin-name.ts';
import { systemClock, systemRandom } from '../base/system.ts';
import { buildId } from '../bridge/life/build-id.ts';
import { readSeatOrder, type SeatReport } from '../bridge/life/door-messages.ts';
import type { Locks } from '../bridge/life/liveness-lock.ts';
import { doorOf } from '../bridge/life/names.ts';
import { openLocks } from '../bridge/life/open-locks.ts';
import { onPolicyViolation } from '../bridge/life/policy-violation.ts';
import { openChannel } from '../bridge/ports/named-port.ts';
import type { Port } from '../bridge/ports/port.ts';
import { runJob } from '../crypto/run-job.ts';
import { Hub, type HubOptions } from './hub.ts';
import { openDoor } from './tabs/door.ts';

/**
 * Runs the hub of this worker's thread until the thread ends: as a SharedWorker for all tabs of the origin, or as a tab's worker, by its
 * name for all tabs (`client/seat.ts`) or for its own tab.
 *
 * @param loaded the end of loading (`guarded-load.ts`); false means that the hub cannot work.
 */
export function runHub(chains: HubOptions['chains'], loaded: () => boolean): void {
  const scope = globalThis as unknown as { readonly name?: string; close(): void } & Port;
  const shared = 'onconnect' in globalThis;
  const workerName = scope.name ?? '';
  const door = shared ? undefined : doorOf(workerName);

  // The worker's name tells the chain, so loading it need not wait for the first hello. The hello finds out if it fails.
  const named = chainIn(workerName);
  if (named !== undefined && Object.hasOwn(chains, named)) chains[named]!().catch(() => undefined);

  const hub = new Hub({
    kind: shared ? 'shared-worker' : door ? 'elected-worker' : 'dedicated-worker',
    build: buildId,
    workerName,
    id: crypto.randomUUID(),
    cores: navigator.hardwareConcurrency,
    locks: openLocks(navigator.locks as unknown as Locks),
    clock: systemClock,
    random: systemRandom,
    runJob,
    channel: openChannel,
    chains,
    // A hub for all tabs stays for the next page; a tab's own hub has no tab left.
    onIdle: shared || door ? undefined : () => scope.close(),
    // A tab that is still here (it slept) notices this end by the lock, and finds the other hub.
    onReplaced: () => scope.close(),
  });

  // A worker obeys the security policy of its own file, and no other thread sees what was blocked in it.
  onPolicyViolation(({ directive, blocked }) => hub.note('warning', 'policy-violation', { directive, blocked }));

  const able = loaded();
  if (shared && able) {
    addEventListener('connect', (event) => {
      const [port] = (event as MessageEvent).ports;
      if (port) hub.accept(port);
    });
  } else if (door) {
    scope.addEventListener('message', ({ data }) => {
      if (readSeatOrder(data)) void hub.close().finally(() => scope.close());
    });
    void hub.appear().then((lock) => {
      openDoor({ channel: openChannel, name: door, worker: workerName, accept: (port) => hub.accept(port) });
      scope.postMessage({ kind: 'serving', lock } satisfies SeatReport, []);
    });
  } else if (able) {
    // Not the scope itself, because its `close` would end the worker.
    hub.accept({
      postMessage: (message, transfer) => scope.postMessage(message, transfer),
      addEventListener: (type, listener) => scope.addEventListener(type, listener),
      removeEventListener: (type, listener) => scope.removeEventListener(type, listener),
    });
  }
}
