/** The hub: as a SharedWorker for all tabs of the origin, or as a tab's worker, by its name for all tabs (`src/client/seat.ts`) or for its own tab. */

// First: it tells the pages if later code throws while it loads.
import { loaded } from '../src/hub/tabs/guarded-load.ts';
import '../src/base/with-resolvers.ts';
import { buildId } from '../src/bridge/life/build-id.ts';
import { readSeatOrder, type SeatReport } from '../src/bridge/life/door-messages.ts';
import type { Locks } from '../src/bridge/life/liveness-lock.ts';
import { openLocks } from '../src/bridge/life/open-locks.ts';
import { doorOf } from '../src/bridge/life/names.ts';
import { openChannel } from '../src/bridge/ports/named-port.ts';
import { onPolicyViolation } from '../src/bridge/life/policy-violation.ts';
import type { Port } from '../src/bridge/ports/port.ts';
import { runJob } from '../src/crypto/run-job.ts';
import { openDoor } from '../src/hub/tabs/door.ts';
import { Hub } from '../src/hub/hub.ts';
import { startLightClient } from '../src/chains/albatross/client/light-client.ts';
import { openStore } from '../src/storage/open-store.ts';
import { mayReturn } from '../src/storage/store-return.ts';
import { insecureSocketsOpen, systemClock, systemRandom } from '../src/base/system.ts';
import { createIndexedDbStore } from '../src/chains/albatross/store/indexed-db-store.ts';
import { createMemoryStore } from '../src/chains/albatross/store/memory-store.ts';
import { OwnerJournal } from '../src/storage/owner-journal.ts';

const scope = globalThis as unknown as { readonly name?: string; close(): void } & Port;
const shared = 'onconnect' in globalThis;
const workerName = scope.name ?? '';
const door = shared ? undefined : doorOf(workerName);
const id = crypto.randomUUID();

const hub = new Hub({
  kind: shared ? 'shared-worker' : door ? 'elected-worker' : 'dedicated-worker',
  build: buildId,
  workerName,
  id,
  cores: navigator.hardwareConcurrency,
  locks: openLocks(navigator.locks as unknown as Locks),
  clock: systemClock,
  runJob,
  channel: openChannel,
  async start({ network, settings, verify, rtc, memoryOnly, notice }) {
    const journal = settings.ownerJournal ? new OwnerJournal(id) : undefined;
    const disk = () => createIndexedDbStore({ network, journal, onReopened: () => notice('info', 'storage-reopened', {}) });
    let failure: string | undefined;
    const first = await openStore(
      () => (memoryOnly ? createMemoryStore({ network }) : disk()),
      () => createMemoryStore({ network }),
      (code, data) => {
        failure = code;
        notice('warning', `storage-${code}`, data);
      },
    );
    const { store } = first;
    let { fencing } = first;
    const reopen = async () => {
      const again = await openStore(disk);
      ({ fencing } = again);
      return again.store;
    };
    try {
      const client = await startLightClient({ network, store, reopen, verify, rtc, clock: systemClock, random: systemRandom, settings: { ...settings, allowInsecure: settings.allowInsecure && insecureSocketsOpen() } });
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
  },
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
