import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import { namesOf } from '../../src/bridge/life/names.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { Connection } from '../../src/client/connection.ts';
import { workerHost } from '../../src/client/host.ts';
import { Hub, type HubOptions } from '../../src/hub/hub.ts';
import { closePages, ElectedOrigin } from '../support/elected-origin.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { chainsThat } from '../support/fake-driver.ts';
import { FakeLightClient } from '../support/fake-light-client.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { describeHost, type HostWorld } from '../support/host-compliance.ts';

const names = namesOf(unitAlbatross, 'b1');

function none(): Worker {
  throw new Error('none to lend');
}

/** An origin whose hub runs in a worker that each page starts, or connects to, by itself. */
function workerWorld(kind: 'shared-worker' | 'dedicated-worker'): HostWorld {
  const locks = new FakeLocks();
  const clients: FakeLightClient[] = [];
  const ends: (() => void)[] = [];
  let broken = 0;
  let hubs = 0;
  let shared: Hub | undefined;

  const makeHub = () => new Hub({
    kind, build: 'b1', workerName: names.worker(0), id: `hub-${++hubs}`, cores: 2, locks, clock: pageClock, random: systemRandom,
    channel: () => new FakeChannel(),
    runJob: function* () {
      yield;
      return { valid: true, decoded: [] };
    },
    chains: chainsThat(async () => {
      const client = new FakeLightClient();
      return { client, fencing: clients.push(client) };
    }),
  } satisfies HubOptions);

  const startWorker = () => {
    const { port1, port2 } = new MessageChannel();
    ends.push(() => port1.close());
    const worker = kind === 'shared-worker' ? Object.assign(new EventTarget(), { port: port1 }) : Object.assign(port1, { terminate: () => port1.close() });
    if (broken > 0) {
      broken -= 1;
      queueMicrotask(() => worker.dispatchEvent(new Event('error')));
    } else {
      const hub = kind === 'shared-worker' ? (shared ??= makeHub()) : makeHub();
      hub.accept(port2);
    }
    return worker as unknown as SharedWorker | Worker;
  };

  return {
    clients,
    breakNext: () => void broken++,
    end: () => ends.splice(0).forEach((end) => end()),
    page: async () => {
      const tab = crypto.randomUUID();
      const alive = await holdLock(locks, names.tab(tab));
      const connection = new Connection({
        hosts: [workerHost(names, startWorker)],
        onEvent: () => {},
        onDropped: () => {},
        session: { build: 'b1', tab, network: unitAlbatross, settings: {}, locks, clock: pageClock, presence: () => assumedPresence, startVerifier: { signatures: none, zkp: none } },
      });
      ends.push(() => void connection.close());
      const close = async () => {
        await connection.close();
        alive.release();
      };
      return { connection, close };
    },
  };
}

describeHost('a shared worker', { kind: 'shared-worker', shares: true }, () => workerWorld('shared-worker'));
describeHost("a tab's own worker", { kind: 'dedicated-worker', shares: false }, () => workerWorld('dedicated-worker'));
describeHost('the worker of an elected tab', { kind: 'elected-worker', shares: true }, () => {
  const origin = new ElectedOrigin();
  return { clients: origin.clients, page: () => origin.page(), breakNext: () => void origin.broken.push('does not load'), end: closePages };
});
