/** The hub: as a SharedWorker for all tabs of the origin, or as a tab's own worker where there is none. */

import '../src/network/with-resolvers.ts';
import { buildId } from '../src/bridge/build-id.ts';
import type { Locks } from '../src/bridge/liveness-lock.ts';
import type { Port } from '../src/bridge/port.ts';
import { runJob } from '../src/crypto/run-job.ts';
import { Hub } from '../src/hub/hub.ts';
import { startLightClient } from '../src/hub/light-client.ts';
import { openStore } from '../src/hub/open-store.ts';
import { mayReturn } from '../src/hub/store-return.ts';
import { systemClock, systemRandom } from '../src/network/system.ts';
import { createIndexedDbStore } from '../src/storage/indexed-db-store.ts';
import { createMemoryStore } from '../src/storage/memory-store.ts';

const scope = globalThis as unknown as { readonly name?: string; close(): void } & Port;
const shared = 'onconnect' in globalThis;

const hub = new Hub({
  kind: shared ? 'shared-worker' : 'dedicated-worker',
  build: buildId,
  workerName: scope.name ?? '',
  id: crypto.randomUUID(),
  cores: navigator.hardwareConcurrency,
  locks: navigator.locks as unknown as Locks,
  clock: systemClock,
  runJob,
  channel: (name) => new BroadcastChannel(name),
  async start({ network, settings, verify, rtc, host, memoryOnly, notice }) {
    const disk = () => createIndexedDbStore({ network, onReopened: () => notice('info', 'storage-reopened', {}) });
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
      const client = await startLightClient({ network, store, reopen, verify, rtc, clock: systemClock, random: systemRandom, settings, host: { ...host, fencing } });
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
  // A SharedWorker stays for the next page; a tab's own has nobody left.
  onIdle: shared ? undefined : () => scope.close(),
  // A tab that is still here (it slept) sees this end, and finds the other hub.
  onReplaced: () => scope.close(),
});

// A worker obeys the policy of its own file; what it refused is nobody else's to see.
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  hub.note('warning', 'policy-violation', { directive: violatedDirective, blocked: blockedURI });
});

if (shared) {
  addEventListener('connect', (event) => {
    const [port] = (event as MessageEvent).ports;
    if (port) hub.accept(port);
  });
} else {
  // Not the scope itself: its `close` would end the worker.
  hub.accept({
    postMessage: (message, transfer) => scope.postMessage(message, transfer),
    addEventListener: (type, listener) => scope.addEventListener(type, listener),
    removeEventListener: (type, listener) => scope.removeEventListener(type, listener),
  });
}
