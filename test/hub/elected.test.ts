import { afterEach, describe, expect, it, vi } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { Notice, Status } from '../../src/bridge/contract.ts';
import { readSeatOrder } from '../../src/bridge/life/door-messages.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import type { OpenChannel } from '../../src/bridge/ports/named-port.ts';
import { doorOf, namesOf } from '../../src/bridge/life/names.ts';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { Connection } from '../../src/client/connection.ts';
import { electedHost } from '../../src/client/elected-host.ts';
import { Seat } from '../../src/client/seat.ts';
import { openDoor } from '../../src/hub/tabs/door.ts';
import { chainsThat } from '../support/fake-driver.ts';
import { FakeLightClient } from '../support/fake-light-client.ts';
import { Hub } from '../../src/hub/hub.ts';
import { FakeChannel } from '../support/fake-channel.ts';

const names = namesOf(unitAlbatross, 'b1', 'elected');
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** The tabs of one origin, without SharedWorker. Each worker is an object in the page's thread, named after the page that started it. */
class Origin {
  readonly locks = new FakeLocks();
  readonly started: string[] = [];
  readonly clients: FakeLightClient[] = [];
  /** The faults of the next workers, which then do not serve. */
  readonly broken: ('does not load' | 'says nothing')[] = [];
  #grants = 0;
  readonly #channels = new Map<string, Set<FakeChannel>>();

  readonly open: OpenChannel = (name) => {
    if (!this.#channels.has(name)) this.#channels.set(name, new Set());
    return new FakeChannel(this.#channels.get(name)) as unknown as ReturnType<OpenChannel>;
  };

  worker(name: string): Worker {
    const id = `${name} of worker ${this.started.push(name)}`;
    const locks = this.locks.of(id);
    const worker = new EventTarget();
    const own: ReturnType<OpenChannel>[] = [];
    const open: OpenChannel = (channel) => {
      const opened = this.open(channel);
      own.push(opened);
      return opened;
    };
    const hub = new Hub({
      kind: 'elected-worker', build: 'b1', workerName: name, id, cores: 2, locks, clock: pageClock,
      channel: (channel) => open(channel) as never,
      runJob: function* () {
        yield;
        return { valid: true, decoded: [] };
      },
      random: systemRandom,
      chains: chainsThat(async () => {
        const client = new FakeLightClient();
        this.clients.push(client);
        return { client, fencing: ++this.#grants };
      }),
    });
    /** The worker receives and sends nothing any more. */
    const terminate = async () => {
      for (const channel of own) channel.close();
      const { held } = await this.locks.query();
      for (const { name: lock, clientId } of held) if (clientId === id) this.locks.kill(lock);
    };
    const broken = this.broken.shift();
    if (broken === 'does not load') queueMicrotask(() => worker.dispatchEvent(new Event('error')));
    else if (!broken) {
      void hub.appear().then((lock) => {
        openDoor({ channel: open, name: doorOf(name)!, worker: name, accept: (port) => hub.accept(port) });
        worker.dispatchEvent(Object.assign(new Event('message'), { data: { kind: 'serving', lock } }));
      });
    }
    return Object.assign(worker, {
      terminate: () => void terminate(),
      postMessage: (data: unknown) => {
        if (readSeatOrder(data)) void hub.close().then(terminate);
      },
    }) as unknown as Worker;
  }

  async page() {
    const tab = crypto.randomUUID();
    const locks = this.locks.of(tab);
    await holdLock(locks, names.tab(tab));
    const seat = new Seat({ names, locks, clock: pageClock, start: ({ name }) => this.worker(name) });
    const notices: Notice[] = [];
    const connection = new Connection({
      hosts: [electedHost({ seat, names, locks, clock: pageClock, channel: this.open })],
      onEvent: (name, event) => {
        if (name === 'notice') notices.push(event as Notice);
      },
      onDropped: () => {},
      session: { build: 'b1', tab, network: unitAlbatross, settings: {}, locks, clock: pageClock, presence: () => assumedPresence, startVerifier: { signatures: none, zkp: none } },
    });
    const page = {
      seat, notices, connection,
      status: () => connection.call('getStatus', []) as Promise<Status>,
      hasSeat: async () => (await this.locks.query()).held.some(({ name, clientId }) => name === names.seat && clientId === tab),
      close: async () => {
        await connection.close();
        await seat.leave();
      },
    };
    ends.push(() => void page.close());
    return page;
  }
}

function none(): Worker {
  throw new Error('none to lend');
}

describe('an elected tab', () => {
  it('is the first in line; all tabs share its hub; when it is closed, its hub flushes, and the next tab is elected', async () => {
    const origin = new Origin();
    const pages = [await origin.page(), await origin.page(), await origin.page()] as const;
    for (const page of pages) await page.connection.open();
    await vi.waitFor(async () => expect((await pages[2].status()).host).toMatchObject({ kind: 'elected-worker', tabs: 3, fencing: 1 }));
    expect(origin.started).toEqual([names.worker(0)]);
    expect(await Promise.all(pages.map((page) => page.hasSeat()))).toEqual([true, false, false]);
    const pending = pages[2].connection.call('getBlock', [5]);
    pending.catch(() => undefined);
    await vi.waitFor(() => expect(origin.clients[0]?.asked).toHaveLength(1));
    await pages[0].close();
    expect(origin.clients[0]?.closed).toBe(true);
    await expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/hub-lost|closed/) });
    for (const page of [pages[1], pages[2]]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect(await Promise.all(pages.map((page) => page.hasSeat()))).toEqual([false, true, false]);
  });

  it('that is frozen gives up its seat, and competes for it again only after it has woken', async () => {
    const origin = new Origin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    first.seat.sleep(true);
    await vi.waitFor(async () => expect((await second.status()).host).toMatchObject({ fencing: 2 }));
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([false, true]);
    // Only the frozen tab is left, so no tab has the seat until it wakes.
    await second.close();
    expect(await first.hasSeat()).toBe(false);
    first.seat.sleep(false);
    await vi.waitFor(async () => expect((await first.status()).host).toMatchObject({ fencing: 3, tabs: 1 }));
  });

  it('whose worker once fails to load starts it again', async () => {
    const origin = new Origin();
    const first = await origin.page();
    origin.broken.push('does not load');
    await first.connection.open();
    expect(await first.hasSeat()).toBe(true);
  });

  it('whose worker cannot be loaded reports it, and leaves the seat to a tab that can load one', async () => {
    const origin = new Origin();
    const [first, second] = [await origin.page(), await origin.page()];
    origin.broken.push('does not load', 'does not load');
    await expect(first.connection.open()).rejects.toMatchObject({ code: 'worker-failed' });
    await second.connection.open();
    expect(await second.hasSeat()).toBe(true);
    expect(await first.hasSeat()).toBe(false);
  });

  it('whose hub ends by itself goes to the end of the line', async () => {
    const origin = new Origin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    await vi.waitFor(async () => expect((await second.status()).host.tabs).toBe(2));
    const { held } = await origin.locks.query();
    for (const { name } of held) if (name === names.owner || name.includes('/hub/')) origin.locks.kill(name);
    for (const page of [first, second]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([false, true]);
  });

  it('that replaces its own hub keeps the seat meanwhile, so no tab in line starts a hub too', async () => {
    const origin = new Origin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    await vi.waitFor(async () => expect((await second.status()).host.tabs).toBe(2));
    // A browser grants a lock that is released to the next in line, before it reads our next request.
    const requests = vi.spyOn(origin.locks, 'request');
    await first.seat.seize(1);
    expect(requests.mock.calls.filter(([name, { steal }]) => name === names.seat && steal)).toEqual([]);
    for (const page of [first, second]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect(origin.started).toEqual([names.worker(0), names.worker(1)]);
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([true, false]);
  });

  it('that takes the seat of a hub whose worker has ended meanwhile gives its own worker a new name all the same', async () => {
    const origin = new Origin();
    const page = await origin.page();
    await page.seat.seize(1);
    await page.connection.open();
    expect(origin.started).toEqual([names.worker(1)]);
  });

  it('that does not answer loses the seat to another', async () => {
    const origin = new Origin();
    const [silent, other] = [await origin.page(), await origin.page()];
    origin.broken.push('says nothing');
    silent.seat.stand();
    await vi.waitFor(() => expect(origin.started).toHaveLength(1));
    const opening = other.connection.open();
    await other.seat.seize(1);
    await opening;
    await vi.waitFor(async () => expect((await other.status()).host).toMatchObject({ fencing: 1 }));
    expect([await silent.hasSeat(), await other.hasSeat()]).toEqual([false, true]);
  });
});
