import '../../src/network/node-web-socket.ts';
import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import type { Head, Status } from '../../src/bridge/contract.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import { namesOf } from '../../src/bridge/life/names.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { Connection } from '../../src/client/connection.ts';
import { workerHost } from '../../src/client/host.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { Hub } from '../../src/hub/hub.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { chains } from './registry.ts';
import { ToyNet } from './toy-node.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function noWorker(): Worker {
  throw new Error('this page lends no worker');
}

it('the hub runs the toy chain in Node: two pages share one client, under names with the chain in them', async () => {
  const net = new ToyNet();
  const network = await net.start(3);
  ends.push(() => net.close());
  net.produce(12);
  const locks = new FakeLocks();
  const names = namesOf(network, 'b1');
  const hub = new Hub({
    kind: 'shared-worker', build: 'b1', workerName: names.worker(0), id: 'hub', cores: 2, locks: locks.of('hub'), clock: pageClock, random: systemRandom, runJob, chains,
    channel: () => new FakeChannel(),
  });
  ends.push(() => hub.close());
  const openPage = async () => {
    const tab = crypto.randomUUID();
    await holdLock(locks.of(tab), names.tab(tab));
    const { port1, port2 } = new MessageChannel();
    hub.accept(port2);
    ends.push(() => port1.close());
    const connection = new Connection({
      hosts: [workerHost(names, () => Object.assign(new EventTarget(), { port: port1 }) as unknown as SharedWorker)],
      onEvent: () => {},
      onDropped: () => {},
      session: { build: 'b1', tab, network, settings: {}, locks, clock: pageClock, presence: () => assumedPresence, startVerifier: { signatures: noWorker, zkp: noWorker } },
    });
    ends.push(() => connection.close());
    await connection.open();
    return connection;
  };
  const pages = [await openPage(), await openPage()];
  for (const page of pages) {
    await vi.waitFor(async () => expect(((await page.call('getHead', [])) as Head).latest).toMatchObject({ height: 12, hash: net.blocks[11]!.id, details: { chain: 'toy' } }));
  }
  expect(((await pages[1]!.call('getStatus', [])) as Status).host).toMatchObject({ tabs: 2, fencing: 1 });
  expect(await pages[1]!.call('getTrust', [])).toMatchObject({ checked: { counterSteps: 12 } });
  expect(names.owner).toMatch(/^petrel\/toy\//);
  expect(locks.held(names.owner)).toBe(true);
});
