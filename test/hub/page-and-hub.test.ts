import { afterEach, describe, expect, it, vi } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { HeadEvent, Status } from '../../src/bridge/contract.ts';
import { FakeLocks } from '../support/fake-locks.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { readServeMessage, serveJobs } from '../../src/bridge/ports/job-port.ts';
import { holdLock } from '../../src/bridge/life/liveness-lock.ts';
import { namesOf } from '../../src/bridge/life/names.ts';
import { ManualClock } from '../support/manual-clock.ts';
import type { Port } from '../../src/bridge/ports/port.ts';
import { pageClock } from '../../src/base/page-clock.ts';
import { systemRandom } from '../../src/base/system.ts';
import { assumedPresence } from '../../src/bridge/life/presence.ts';
import { workerHost } from '../../src/client/host.ts';
import { Connection, type ConnectionOptions } from '../../src/client/connection.ts';
import { EventRegistry } from '../../src/client/event-registry.ts';
import type { JobResult, VerificationJob, Verify } from '../../src/crypto/jobs.ts';
import { chainsThat } from '../support/fake-driver.ts';
import { FakeLightClient } from '../support/fake-light-client.ts';
import { Hub, type HubOptions } from '../../src/hub/hub.ts';

const job: VerificationJob = { kind: 'keys', keys: [] };
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** An origin: its locks, and the hubs that share them. */
class Origin {
  readonly locks = new FakeLocks();
  readonly clients: FakeLightClient[] = [];
  verify: Verify | undefined;
  grants = 0;
  #hubs = 0;

  hub(options: Partial<HubOptions> = {}): Hub {
    return new Hub({
      kind: 'shared-worker',
      build: 'b1',
      workerName: '',
      id: `hub-${++this.#hubs}`,
      cores: 2,
      locks: this.locks,
      clock: pageClock,
      channel: () => new FakeChannel(),
      runJob: function* () {
        yield;
        return { valid: true, decoded: [] };
      },
      random: systemRandom,
      chains: chainsThat(async ({ verify }) => {
        this.verify = verify;
        const client = new FakeLightClient();
        this.clients.push(client);
        return { client, fencing: ++this.grants };
      }),
      ...options,
    });
  }

  /** Opens a page of this origin, as `createClient` does, but without a browser. */
  async page(hub: Hub | (() => Hub), changes: Partial<ConnectionOptions['session']> = {}) {
    const tab = crypto.randomUUID();
    const names = namesOf(unitAlbatross, 'b1');
    const alive = await holdLock(this.locks, names.tab(tab));
    const workers: FakeWorker[] = [];
    const start = (purpose: FakeWorker['purpose']) => {
      const worker = new FakeWorker(purpose);
      workers.push(worker);
      return worker as unknown as Worker;
    };
    const events: EventRegistry = new EventRegistry((wanted) => connection.subscribe(wanted));
    const connection: Connection = new Connection({
      hosts: [workerHost(names, () => fakeSharedWorker(typeof hub === 'function' ? hub() : hub))],
      onEvent: (name, event) => events.dispatch(name, event),
      onDropped: () => {},
      session: {
        build: 'b1',
        tab,
        network: unitAlbatross,
        settings: {},
        locks: this.locks,
        clock: pageClock,
        presence: () => assumedPresence,
        startVerifier: { signatures: () => start('signatures'), zkp: () => start('zkp') },
        ...changes,
      },
    });
    ends.push(() => void connection.close());
    const page = {
      tab,
      connection,
      events,
      workers,
      on: events.on.bind(events),
      status: () => connection.call('getStatus', []) as Promise<Status>,
      /** The browser closes the tab: the page sends nothing, its lock is released, its workers end. */
      die: () => {
        workers.forEach((worker) => worker.terminate());
        this.locks.kill(names.tab(tab));
      },
      close: async () => {
        await connection.close();
        alive.release();
      },
    };
    await connection.open();
    return page;
  }
}

/** A verifier worker that accepts everything. A `stuck` one never answers. */
class FakeWorker extends EventTarget {
  static stuck = false;
  readonly purpose: 'signatures' | 'zkp';
  jobs = 0;
  gone = false;
  #port: Port | undefined;
  constructor(purpose: FakeWorker['purpose']) {
    super();
    this.purpose = purpose;
  }
  postMessage(message: unknown): void {
    this.#port = readServeMessage(message);
    if (!this.#port) return;
    if (FakeWorker.stuck) {
      this.#port.addEventListener('message', () => this.jobs++);
      this.#port.start?.();
      return;
    }
    const run = (): JobResult => {
      this.jobs++;
      return { valid: true, decoded: [] };
    };
    serveJobs<VerificationJob, JobResult>(this.#port, run, pageClock);
  }
  terminate(): void {
    this.gone = true;
    this.#port?.close?.();
  }
}

function fakeSharedWorker(hub: Hub): SharedWorker {
  const { port1, port2 } = new MessageChannel();
  ends.push(() => port1.close());
  hub.accept(port2);
  return Object.assign(new EventTarget(), { port: port1 }) as unknown as SharedWorker;
}

describe('page and hub', () => {
  it('a page gets status, head and later heads; a second page shares the client', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const a = await origin.page(hub);
    const heads: HeadEvent[] = [];
    a.on('head', (event) => heads.push(event));
    await vi.waitFor(() => expect(heads).toHaveLength(1));
    expect(heads[0]).toMatchObject({ head: { latest: { height: 200 } }, adopted: [] });
    origin.clients[0]?.extend();
    await vi.waitFor(() => expect(heads.at(-1)?.adopted.map((block) => block.height)).toEqual([201]));

    const b = await origin.page(hub);
    await vi.waitFor(async () => expect((await b.status()).host).toMatchObject({ kind: 'shared-worker', build: 'b1', tabs: 2, fencing: 1 }));
    expect(origin.clients).toHaveLength(1);
    await a.close();
    await vi.waitFor(async () => expect((await b.status()).host.tabs).toBe(1));
    expect(origin.clients[0]?.closed).toBe(false);
    await b.close();
  });

  it('a second listener gets the current value at once, but never before on() has returned', async () => {
    const origin = new Origin();
    const page = await origin.page(origin.hub());
    await new Promise<void>((resolve) => void page.on('head', () => resolve()));
    const order: string[] = [];
    page.on('head', ({ head }) => order.push(`head ${head.latest.height}`));
    order.push('returned');
    await Promise.resolve();
    expect(order).toEqual(['returned', 'head 200']);
    await page.close();
  });

  it.each([
    ['protocol of another time', { build: 'b2' }, 'build-mismatch'],
    ['broken network', { network: { ...unitAlbatross, genesisHash: '00'.repeat(32) } }, 'bad-network'],
    ['no network', { network: null }, 'bad-network'],
    ['wrong settings', { settings: { desiredPeers: -1 } }, 'bad-settings'],
    ['a level of trust with a typing error', { settings: { trustAtLeast: 'provn' } }, 'bad-settings'],
    ['unknown settings', { settings: { nonsense: 1 } }, 'bad-settings'],
    ['wrong settings in the network file', { network: { ...unitAlbatross, settings: { desiredPeers: -1 } } }, 'bad-settings'],
    ['settings that are none', { settings: 'text' }, 'bad-settings'],
    ['tab without id', { tab: '' }, 'malformed'],
  ])('refuses: %s', async (_, changes, code) => {
    const origin = new Origin();
    await expect(origin.page(origin.hub(), changes)).rejects.toMatchObject({ name: 'HelloError', code });
    expect(origin.clients).toHaveLength(0);
  });

  it('serves only the network in its name', async () => {
    const origin = new Origin();
    await expect(origin.page(origin.hub({ workerName: 'petrel/01234567/b1' }))).rejects.toMatchObject({ name: 'HelloError', code: 'network-mismatch' });
    const page = await origin.page(origin.hub({ workerName: namesOf(unitAlbatross, 'b1').worker(0) }));
    await page.close();
  });

  it("reports which setting is wrong and where it comes from, and tells a later tab that the first tab's settings apply", async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const network = { ...unitAlbatross, settings: { witnesses: 0 } };
    await expect(origin.page(hub, { network })).rejects.toMatchObject({ data: { setting: 'witnesses', from: 'network', reason: 'wrong-value' } });
    await expect(origin.page(hub, { settings: { witnes: '3' } })).rejects.toMatchObject({ data: { setting: 'witnes', from: 'url', reason: 'unknown-setting' } });
    const first = await origin.page(hub, { settings: { witnesses: '2' } });
    await (await origin.page(hub, { settings: { witnesses: '2' } })).close();
    const later = await origin.page(hub);
    const codes: string[] = [];
    later.on('notice', ({ code }) => codes.push(code));
    await vi.waitFor(() => expect(codes).toEqual(['settings-not-in-force']));
    // Issue 12: neither the first tab nor one that asks for what is in force hears of it.
    const third = await origin.page(hub, { settings: { witnesses: '2' } });
    const others: string[] = [];
    for (const page of [first, third]) page.on('notice', ({ code }) => others.push(code));
    origin.clients[0]?.events.emit('notice', { time: 1, level: 'warning', code: 'other-chain', data: {} });
    await vi.waitFor(() => expect(others).toEqual(['other-chain', 'other-chain']));
    for (const page of [later, third, first]) await page.close();
  });

  it('issue 12: a notice that was closed in a page is not shown by one that is opened later', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const first = await origin.page(hub);
    await vi.waitFor(() => expect(origin.clients).toHaveLength(1));
    const tell = (code: 'stored-chain-refused' | 'other-chain') => origin.clients[0]?.events.emit('notice', { time: 1, level: 'warning', code, data: {} });
    tell('stored-chain-refused');
    tell('other-chain');
    const codesOf = async () => {
      const page = await origin.page(hub);
      const codes: string[] = [];
      page.on('notice', ({ code }) => codes.push(code));
      await vi.waitFor(() => expect(codes).toContain('other-chain'));
      await page.close();
      return codes;
    };
    expect(await codesOf()).toEqual(['stored-chain-refused', 'other-chain']);
    await first.connection.call('closeNotice', ['stored-chain-refused', 1]);
    expect(await codesOf()).toEqual(['other-chain']);
    await expect(first.connection.call('closeNotice', [7 as never, 1])).rejects.toMatchObject({ code: 'bad-argument' });
    await first.close();
  });

  it('treats a second hello of a tab as the end of its earlier session', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const page = await origin.page(hub);
    const again = await origin.page(hub, { tab: page.tab });
    expect((await again.status()).host.tabs).toBe(1);
    await again.close();
    await page.close();
  });

  it('waits for an owner elsewhere without touching anything, reports that, and starts when the owner releases its lock', async () => {
    const origin = new Origin();
    const first = await origin.page(origin.hub());
    await vi.waitFor(() => expect(origin.clients).toHaveLength(1));
    const second = await origin.page(origin.hub());
    await vi.waitFor(async () => expect(await second.status()).toMatchObject({ phase: 'waiting', reason: { code: 'owner-elsewhere' } }));
    expect(origin.clients).toHaveLength(1);
    const head = second.connection.call('getHead', []);
    await first.close();
    expect(await head).toMatchObject({ latest: { height: 200 } });
    expect(origin.clients[0]?.closed).toBe(true);
    expect((await second.status()).host.fencing).toBe(2);
    await second.close();
  });

  it("a tab's own hub works in memory while another hub has the lock, and reports that", async () => {
    const origin = new Origin();
    const first = await origin.page(origin.hub({ kind: 'dedicated-worker' }));
    await vi.waitFor(() => expect(origin.clients).toHaveLength(1));
    const clock = new ManualClock();
    const starts: boolean[] = [];
    const memory = new FakeLightClient();
    const { owner } = namesOf(unitAlbatross, 'b1');
    const chains = chainsThat(async ({ memoryOnly }) => {
      starts.push(memoryOnly);
      return { client: memory, fencing: 1 };
    });
    const second = await origin.page(origin.hub({ kind: 'dedicated-worker', clock, chains }));
    const codes: string[] = [];
    second.on('notice', ({ code }) => codes.push(code));
    await vi.waitFor(async () => expect(await second.status()).toMatchObject({ phase: 'waiting' }));
    expect(starts).toEqual([]);
    clock.advance(3_000);
    expect(await second.connection.call('getHead', [])).toMatchObject({ latest: { height: 200 } });
    expect(starts).toEqual([true]);
    await vi.waitFor(() => expect(codes).toContain('storage-elsewhere'));
    // The second hub never took the first one's lock. When the lock is released, the second hub gets the database.
    expect(memory.returns).toBe(0);
    await first.close();
    await vi.waitFor(() => expect(memory.returns).toBe(1));
    expect(origin.locks.held(owner)).toBe(true);
    await second.close();
    await vi.waitFor(() => expect(origin.locks.held(owner)).toBe(false));
    expect(memory.closed).toBe(true);
  });

  it('a hub without tabs flushes and releases the lock; the next page starts it anew', async () => {
    const origin = new Origin();
    const onIdle = vi.fn<() => void>();
    const hub = origin.hub({ onIdle });
    const owner = namesOf(unitAlbatross, 'b1').owner;
    const page = await origin.page(hub);
    await page.connection.call('getHead', []);
    expect(origin.locks.held(owner)).toBe(true);
    await page.close();
    await vi.waitFor(() => expect(onIdle).toHaveBeenCalled());
    expect(origin.clients[0]?.closed).toBe(true);
    expect(origin.locks.held(owner)).toBe(false);
    const next = await origin.page(hub);
    await next.connection.call('getHead', []);
    expect((await next.status()).host.fencing).toBe(2);
    await next.close();
  });

  it('a single tab that returns with other settings gets them, because no other tab needs the old ones', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const page = await origin.page(hub, { settings: { witnesses: '2' } });
    await page.connection.call('getHead', []);
    await page.close();
    const same = await origin.page(hub, { settings: { witnesses: '2' } });
    await same.connection.call('getHead', []);
    expect(origin.clients).toHaveLength(1);
    await same.close();
    const other = await origin.page(hub);
    const codes: string[] = [];
    other.on('notice', ({ code }) => codes.push(code));
    await other.connection.call('getHead', []);
    expect(origin.clients.map(({ closed }) => closed)).toEqual([true, false]);
    expect(codes).toEqual([]);
    await other.close();
  });

  it('refuses a chain that it does not have, and says which it has', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const toy = { ...unitAlbatross, chain: 'toy' } as unknown as typeof unitAlbatross;
    await expect(origin.page(hub, { network: toy })).rejects.toMatchObject({ name: 'HelloError', code: 'unknown-chain', data: { chain: 'toy', known: 'albatross' } });
    const nameless = { ...unitAlbatross, chain: 7 } as unknown as typeof unitAlbatross;
    await expect(origin.page(hub, { network: nameless })).rejects.toMatchObject({ code: 'unknown-chain' });
    await expect((await origin.page(hub)).status()).resolves.toMatchObject({ phase: 'established' });
  });

  it('says that a chain could not be loaded, and tries again for the next page', async () => {
    const origin = new Origin();
    const { albatross } = chainsThat(async () => ({ client: new FakeLightClient(), fencing: 1 }));
    let there = false;
    const hub = origin.hub({
      chains: {
        albatross: async () => {
          if (!there) throw new TypeError('Failed to fetch dynamically imported module');
          return albatross!();
        },
      },
    });
    await expect(origin.page(hub)).rejects.toMatchObject({ name: 'HelloError', code: 'chain-not-loaded', data: { chain: 'albatross' } });
    there = true;
    const page = await origin.page(hub);
    await vi.waitFor(async () => expect(await page.status()).toMatchObject({ phase: 'established' }));
  });

  it('a failed start is reported as a state with a reason, and does not hang', async () => {
    const origin = new Origin();
    let works = false;
    const chains = chainsThat(async () => {
      if (works) return { client: new FakeLightClient(), fencing: 1 };
      throw Object.assign(new Error('too new'), { name: 'StorageError', code: 'schema-from-the-future' });
    });
    const hub = origin.hub({ chains });
    const page = await origin.page(hub);
    await vi.waitFor(async () => expect(await page.status()).toMatchObject({ phase: 'failed', reason: { code: 'schema-from-the-future' } }));
    await expect(page.connection.call('getHead', [])).rejects.toMatchObject({ name: 'HubError', code: 'schema-from-the-future' });
    await page.close();
    // Reloading the page tries again.
    works = true;
    const again = await origin.page(hub);
    expect(await again.connection.call('getHead', [])).toMatchObject({ latest: { height: 200 } });
    await again.close();
  });

  it('everything that a lost tab held is released', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const a = await origin.page(hub);
    const b = await origin.page(hub);
    await vi.waitFor(async () => expect((await b.status()).host.verifiers).toBe(1));
    const [client] = origin.clients;
    a.connection.call('getBlock', [5]).catch(() => undefined);
    await vi.waitFor(() => expect(client?.asked).toHaveLength(1));
    expect(a.workers).toHaveLength(1);
    a.die();
    await vi.waitFor(() => expect(client?.asked[0]?.signal?.aborted).toBe(true));
    // A verifier of the other tab replaces the lost one.
    await vi.waitFor(() => expect(b.workers).toHaveLength(1));
    await vi.waitFor(async () => expect((await b.status()).host).toMatchObject({ tabs: 1, verifiers: 1 }));
    expect(await origin.verify?.(job)).toEqual({ valid: true, decoded: [] });
    expect(b.workers[0]?.jobs).toBe(1);
    await b.close();
  });

  it('a job whose worker vanishes with its tab is done by another', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    FakeWorker.stuck = true;
    const a = await origin.page(hub);
    await vi.waitFor(async () => expect((await a.status()).host.verifiers).toBe(1));
    const b = await origin.page(hub);
    const result = origin.verify?.(job);
    await vi.waitFor(() => expect(a.workers[0]?.jobs).toBe(1));
    FakeWorker.stuck = false;
    a.die();
    expect(await result).toEqual({ valid: true, decoded: [] });
    await b.close();
  });

  it('a worker that fails is replaced', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const a = await origin.page(hub);
    const b = await origin.page(hub);
    await vi.waitFor(async () => expect((await a.status()).host.verifiers).toBe(1));
    a.workers[0]?.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await vi.waitFor(() => expect(b.workers).toHaveLength(1));
    await vi.waitFor(async () => expect((await b.status()).host).toMatchObject({ tabs: 2, verifiers: 1 }));
    await a.close();
    await b.close();
  });

  it('a page whose worker files are gone reports it once, and lends no more workers', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const page = await origin.page(hub);
    const notices: string[] = [];
    page.on('notice', ({ code }) => notices.push(code));
    await vi.waitFor(async () => expect((await page.status()).host.verifiers).toBe(1));
    // A worker that cannot be loaded gives only this event.
    page.workers[0]?.dispatchEvent(new Event('error'));
    await vi.waitFor(() => expect(notices).toEqual(['files-gone']));
    await vi.waitFor(async () => expect((await page.status()).host.verifiers).toBe(0));
    expect(await origin.verify?.(job)).toEqual({ valid: true, decoded: [] });
    expect(page.workers).toHaveLength(1);
    await page.close();
  });

  it('the client hears the combined reports of all pages', async () => {
    const origin = new Origin();
    const hub = origin.hub();
    const a = await origin.page(hub);
    const b = await origin.page(hub);
    const now = () => origin.clients[0]?.attention.at(-1);
    await vi.waitFor(() => expect(now()).toEqual({ mode: 'full', online: true, saveData: false }));
    const hidden = { ...assumedPresence, visible: false };
    a.connection.reportPresence(hidden);
    b.connection.reportPresence({ ...hidden, online: false });
    await vi.waitFor(() => expect(now()).toEqual({ mode: 'low', online: true, saveData: false }));
    a.die();
    await vi.waitFor(() => expect(now()).toEqual({ mode: 'low', online: false, saveData: false }));
    b.connection.reportPresence({ ...hidden, frozen: true });
    await vi.waitFor(() => expect(now()).toEqual({ mode: 'none', online: true, saveData: false }));
    await b.close();
  });

  it('a proof is verified by a worker of its own, which is lent for it and then returned', async () => {
    const clock = new ManualClock();
    const origin = new Origin();
    const page = await origin.page(origin.hub({ clock, cores: 3 }));
    await vi.waitFor(async () => expect((await page.status()).host.verifiers).toBe(2));
    const nothing = new Uint8Array(0);
    expect(await origin.verify?.({ kind: 'zk-proof', proof: nothing, verifyingKey: nothing, keysCommitment: nothing, genesisHash: nothing, finalHash: nothing })).toEqual({ valid: true, decoded: [] });
    expect(page.workers.map(({ purpose, jobs, gone }) => ({ purpose, jobs, gone }))).toEqual([
      { purpose: 'signatures', jobs: 0, gone: false },
      { purpose: 'signatures', jobs: 0, gone: false },
      { purpose: 'zkp', jobs: 1, gone: false },
    ]);
    // There is consensus and nothing left to verify, so the signature workers end too.
    await vi.waitFor(() => {
      clock.advance(10_000);
      expect(page.workers.map(({ gone }) => gone)).toEqual([true, true, true]);
    });
    await page.close();
  });

  it('when the hub dies, the page reports it, finds the next hub and listens there', async () => {
    const origin = new Origin();
    let hub = origin.hub();
    const page = await origin.page(() => hub);
    const phases: string[] = [];
    const heads: number[] = [];
    page.on('status', ({ phase }) => phases.push(phase));
    page.on('head', ({ head }) => heads.push(head.latest.height));
    await vi.waitFor(() => expect(heads).toEqual([200]));
    await vi.waitFor(() => expect(phases.at(-1)).toBe('established'));
    const pending = page.connection.call('getBlock', [1]);
    pending.catch(() => undefined);
    const names = namesOf(unitAlbatross, 'b1');
    hub = origin.hub();
    origin.locks.kill(names.owner);
    origin.locks.kill(names.hub(names.worker(0), 'hub-1'));
    await expect(pending).rejects.toMatchObject({ name: 'ClientError', code: 'hub-lost' });
    expect(phases.at(-1)).toBe('waiting');
    expect(await page.connection.call('getHead', [])).toMatchObject({ latest: { height: 200 } });
    await vi.waitFor(() => expect(phases.at(-1)).toBe('established'));
    await vi.waitFor(() => expect(heads).toEqual([200, 200]));
    await page.close();
  });

  it('an owner whose lock is taken stops and reports it', async () => {
    const origin = new Origin();
    const page = await origin.page(origin.hub());
    await page.connection.call('getHead', []);
    origin.locks.kill(namesOf(unitAlbatross, 'b1').owner);
    await vi.waitFor(async () => expect(await page.status()).toMatchObject({ phase: 'stopped', reason: { code: 'owner-taken' } }));
    expect(origin.clients[0]?.closed).toBe(true);
    await page.close();
  });

  it('a closed page rejects calls with that reason', async () => {
    const origin = new Origin();
    const page = await origin.page(origin.hub());
    await page.close();
    await expect(page.status()).rejects.toMatchObject({ name: 'ClientError', code: 'closed' });
  });

  it('wipe reaches the client', async () => {
    const origin = new Origin();
    const page = await origin.page(origin.hub());
    await page.connection.call('wipe', []);
    expect(origin.clients[0]?.wiped).toBe(1);
    await page.close();
  });
});
