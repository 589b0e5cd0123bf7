import { afterEach, describe, expect, it, vi } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { HeadEvent, Notice, Status } from '../../src/bridge/contract.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { holdLock, type Locks } from '../../src/bridge/life/liveness-lock.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { namesOf } from '../../src/bridge/life/names.ts';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import type { Port } from '../../src/bridge/ports/port.ts';
import { workerHost } from '../../src/client/host.ts';
import { Connection } from '../../src/client/connection.ts';
import { EventRegistry } from '../../src/client/event-registry.ts';
import { chainsThat } from '../support/fake-driver.ts';
import { FakeLightClient } from '../support/fake-light-client.ts';
import { Hub } from '../../src/hub/hub.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import type { Store } from '../../src/chains/albatross/store/store.ts';

/** Turns of the event loop in which everything that pages and hubs say to each other has arrived. */
const TURNS = 50;

const { after } = ManualClock.prototype;
const names = namesOf(unitAlbatross, 'b1');
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** A hub's thread. While it hangs it handles no messages and sends none, but it keeps its locks. */
class Thread {
  readonly hub: Hub;
  store: Store | undefined;
  closed = false;
  #hangs = false;
  #waiting: (() => void)[] = [];

  constructor(origin: Origin, name: string) {
    this.hub = new Hub({
      kind: 'shared-worker',
      build: 'b1',
      workerName: name,
      id: crypto.randomUUID(),
      cores: 2,
      locks: this.#locks(origin.locks.of(name)),
      clock: pageClock,
      channel: () => new FakeChannel(),
      runJob: function* () {
        yield;
        return { valid: true, decoded: [] };
      },
      random: systemRandom,
      chains: chainsThat(async () => {
        this.store = createMemoryStore({ network: unitAlbatross, rows: origin.rows });
        const fencing = await this.store.takeFencing();
        return { client: new FakeLightClient(), fencing };
      }),
      onReplaced: () => (this.closed = true),
    });
  }

  hang(): void {
    this.#hangs = true;
  }

  wake(): void {
    this.#hangs = false;
    for (const act of this.#waiting.splice(0)) act();
  }

  connect(): SharedWorker {
    const { port1, port2 } = new MessageChannel();
    ends.push(() => port1.close());
    this.hub.accept(this.#port(port2));
    return Object.assign(new EventTarget(), { port: port1 }) as unknown as SharedWorker;
  }

  #act(what: () => void): void {
    if (this.#hangs) this.#waiting.push(what);
    else what();
  }

  /** Wraps a port of this thread, and all ports that arrive over it. */
  #port(port: MessagePort): Port {
    const listeners = new Map<unknown, (event: Event) => void>();
    return {
      postMessage: (message, transfer) => this.#act(() => port.postMessage(message, transfer)),
      addEventListener: (type, listener) => {
        const later = (event: Event) =>
          this.#act(() => {
            const data = (event as MessageEvent).data as { calls?: MessagePort; events?: MessagePort };
            listener({ data: data?.calls && data.events ? { ...data, calls: this.#port(data.calls), events: this.#port(data.events) } : data } as MessageEvent);
          });
        listeners.set(listener, later);
        port.addEventListener(type, later);
      },
      removeEventListener: (type, listener) => port.removeEventListener(type, listeners.get(listener)!),
      start: () => port.start(),
      close: () => port.close(),
    };
  }

  #locks(locks: Locks): Locks {
    return {
      query: () => locks.query(),
      request: (name, options, callback) =>
        new Promise((resolve, reject) => {
          locks.request(name, options, callback).then(
            (value) => this.#act(() => resolve(value)),
            (error: unknown) => this.#act(() => reject(error as Error)),
          );
        }),
    };
  }
}

class Origin {
  readonly locks = new FakeLocks();
  readonly rows = new MemoryRows();
  readonly threads = new Map<string, Thread>();

  thread(generation: number): Thread {
    return this.threads.get(names.worker(generation))!;
  }

  async page() {
    const clock = new ManualClock();
    const tab = crypto.randomUUID();
    const locks = this.locks.of(tab);
    await holdLock(locks, names.tab(tab));
    const events: EventRegistry = new EventRegistry((wanted) => connection.subscribe(wanted));
    const connection: Connection = new Connection({
      hosts: [
        workerHost(names, ({ name }) => {
          const thread = this.threads.get(name) ?? new Thread(this, name);
          this.threads.set(name, thread);
          return thread.connect();
        }),
      ],
      onEvent: (name, event) => events.dispatch(name, event),
      onDropped: () => {},
      session: { build: 'b1', tab, network: unitAlbatross, settings: {}, locks, clock, presence: () => assumedPresence, startVerifier: { signatures: noVerifier, zkp: noVerifier } },
    });
    ends.push(() => void connection.close());
    const heads: HeadEvent[] = [];
    const notices: Notice[] = [];
    const phases: Status['phase'][] = [];
    events.on('head', (head) => heads.push(head));
    events.on('notice', (notice) => notices.push(notice));
    events.on('status', ({ phase }) => phases.push(phase));
    await connection.open();
    return {
      connection, clock, heads, notices, phases,
      status: () => connection.call('getStatus', []) as Promise<Status>,
      /** Lets the page's time pass while the page is awake, with messages delivered in between. */
      live: async (ms: number) => {
        for (let left = ms; left > 0; left -= 2_500) {
          clock.advance(Math.min(left, 2_500));
          // A message and its answer take a turn of the event loop each, however late a timer runs.
          for (let turns = 0; turns < TURNS; turns++) await new Promise((resolve) => setImmediate(resolve));
        }
      },
    };
  }
}

describe('a hub that hangs', () => {
  it('is noticed by every tab and replaced by one; its writes after it wakes are refused', async () => {
    const origin = new Origin();
    const [a, b] = [await origin.page(), await origin.page()];
    await vi.waitFor(async () => expect(await a.status()).toMatchObject({ phase: 'established', host: { tabs: 2, fencing: 1 } }));
    const old = origin.thread(0);
    old.hang();
    await Promise.all([a.live(20_000), b.live(20_000)]);
    await vi.waitFor(() => expect(origin.threads.size).toBe(2));
    for (const page of [a, b]) {
      await vi.waitFor(async () => expect(await page.status()).toMatchObject({ phase: 'established', host: { tabs: 2, fencing: 2 } }));
      expect(page.notices).toContainEqual(expect.objectContaining({ code: 'hub-hung' }));
      await vi.waitFor(() => expect(page.heads).toHaveLength(2));
      expect(page.phases).toContain('waiting');
    }
    const held = (await origin.locks.query()).held.filter(({ name }) => name === names.owner);
    expect(held).toEqual([{ name: names.owner, clientId: names.worker(1) }]);
    await expect(old.store!.putBans([])).rejects.toMatchObject({ code: 'stale-owner' });
    old.wake();
    await vi.waitFor(() => expect(old.closed).toBe(true));
    await origin.thread(1).store!.putBans([]);
    // A tab that comes later connects to the working hub.
    const c = await origin.page();
    expect((await c.status()).host.tabs).toBe(3);
    expect(origin.threads.size).toBe(2);
  });

  it('is replaced by a tab that comes later, if all others are frozen', async () => {
    const origin = new Origin();
    await origin.page();
    await vi.waitFor(() => expect(origin.locks.held(names.owner)).toBe(true));
    origin.thread(0).hang();
    let late: Awaited<ReturnType<Origin['page']>> | undefined;
    const clocks: ManualClock[] = [];
    const advance = vi.spyOn(ManualClock.prototype, 'after').mockImplementation(function (this: ManualClock, ...args) {
      if (!clocks.includes(this)) clocks.push(this);
      return after.apply(this, args);
    });
    const opening = origin.page().then((page) => (late = page));
    await vi.waitFor(() => {
      for (const clock of clocks) clock.advance(2_500);
      expect(late).toBeDefined();
    });
    advance.mockRestore();
    await opening;
    await vi.waitFor(async () => expect(await late!.status()).toMatchObject({ phase: 'established', host: { fencing: 2 } }));
  });

  it("is not blamed for a page's own freeze", async () => {
    const origin = new Origin();
    const page = await origin.page();
    await vi.waitFor(async () => expect((await page.status()).phase).toBe('established'));
    for (let round = 0; round < 5; round++) {
      page.clock.sleep(3_600_000);
      await page.live(10_000);
    }
    expect(origin.threads.size).toBe(1);
    expect(page.notices).toEqual([]);
  });

  it('too often ends with an error code, not with endless new starts', async () => {
    const origin = new Origin();
    const page = await origin.page();
    for (let hang = 0; hang < 3; hang++) {
      await vi.waitFor(async () => expect((await page.status()).phase).toBe('established'));
      origin.thread(hang).hang();
      await page.live(20_000);
      await vi.waitFor(() => expect(origin.threads.size).toBe(hang + 2));
    }
    await vi.waitFor(async () => expect((await page.status()).phase).toBe('established'));
    origin.thread(3).hang();
    await page.live(20_000);
    await vi.waitFor(() => expect(page.phases.at(-1)).toBe('failed'));
    await expect(page.status()).rejects.toMatchObject({ name: 'ClientError', code: 'hub-hangs', data: { times: 4 } });
    expect(origin.threads.size).toBe(4);
  });
});

function noVerifier(): never {
  throw new Error('none');
}
