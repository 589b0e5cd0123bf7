import { afterEach, expect, it, vi } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { Status } from '../../src/bridge/contract.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import { namesOf } from '../../src/bridge/life/names.ts';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { workerHost } from '../../src/client/host.ts';
import { Connection } from '../../src/client/connection.ts';
import { chainsThat } from '../support/fake-driver.ts';
import { FakeLightClient } from '../support/fake-light-client.ts';
import { Hub } from '../../src/hub/hub.ts';
import { FakeChannel } from '../support/fake-channel.ts';

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** The events around the one owner's seat, in order. */
const story: string[] = [];
const locks = new FakeLocks();
const channels = new Set<FakeChannel>();

async function openPage(build: string) {
  const names = namesOf(unitAlbatross, build);
  const hub = new Hub({
    kind: 'shared-worker',
    build,
    workerName: '',
    id: build,
    cores: 2,
    locks: locks.of(build),
    clock: pageClock,
    channel: () => new FakeChannel(channels),
    runJob: function* () {
      yield;
      return { valid: true, decoded: [] };
    },
    random: systemRandom,
    chains: chainsThat(async () => {
      const client = new FakeLightClient();
      story.push(`${build} starts`);
      client.close = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        story.push(`${build} has flushed`);
      };
      return { client, fencing: story.length };
    }),
  });
  const tab = crypto.randomUUID();
  await holdLock(locks, names.tab(tab));
  const { port1, port2 } = new MessageChannel();
  hub.accept(port2);
  ends.push(() => port1.close());
  const connection = new Connection({
    hosts: [workerHost(names, () => Object.assign(new EventTarget(), { port: port1 }) as unknown as SharedWorker)],
    onEvent: () => {},
    onDropped: () => {},
    session: { build, tab, network: unitAlbatross, settings: {}, locks, clock: pageClock, presence: () => assumedPresence, startVerifier: { signatures: noWorker, zkp: noWorker } },
  });
  ends.push(() => void connection.close());
  await connection.open();
  return { status: () => connection.call('getStatus', []) as Promise<Status>, close: () => connection.close() };
}

function noWorker(): Worker {
  throw new Error('none to lend');
}

it('a newer build takes over in an orderly way, and the older one goes on when the newer is gone', async () => {
  const old = await openPage('0a');
  await vi.waitFor(async () => expect((await old.status()).phase).toBe('established'));
  const next = await openPage('0b');
  await vi.waitFor(async () => expect((await next.status()).phase).toBe('established'));
  expect(story).toEqual(['0a starts', '0a has flushed', '0b starts']);
  await vi.waitFor(async () => expect(await old.status()).toMatchObject({ phase: 'waiting', reason: { code: 'newer-build' } }));
  await next.close();
  await vi.waitFor(async () => expect((await old.status()).phase).toBe('established'));
  expect(story).toEqual(['0a starts', '0a has flushed', '0b starts', '0b has flushed', '0a starts']);
});
