/**
 * What the hub expects of a chain's driver, as tests that every chain passes. A chain brings a bench: its driver and a local network that the
 * test steps by command.
 * @module
 */

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { originName } from '../../src/base/origin-name.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import type { ChainClient, ChainDriver } from '../../src/engine/driver.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import type { HeadEvent, HeadView, Notice, TrustRecord } from '../../src/engine/view.ts';
import { VerifierPool } from '../../src/hub/loans/verifier-pool.ts';

export interface DriverBench {
  /** The parameters of the network, as a page gives them to the hub. */
  readonly parameters: object;
  /** The head of the network. */
  head(): { readonly height: number; readonly hash: string };
  /** Makes `n` blocks, and announces them. */
  produce(n: number): Promise<void>;
  /** Blocks that the network sent because a client asked for them, so far. */
  sent(): number;
  /** One of the nodes lies about the next block. */
  lie(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `open` starts a network with some blocks. `fewest`: blocks with which the nodes may tell a client that has the head how far they are. `isFollowed`: its client is a
 * `FollowClient`, which shows who was banned before a restart. It leaves a database at its first failed write.
 */
export function testDriver(driver: ChainDriver, open: () => Promise<DriverBench>, { fewest = 0, isFollowed = false }: { readonly fewest?: number; readonly isFollowed?: boolean } = {}): void {
  describe(`the driver of ${driver.chain}`, () => {
    const ends: (() => unknown)[] = [];
    let bench: DriverBench;

    beforeEach(async () => {
      globalThis.indexedDB = new IDBFactory();
      bench = await open();
      ends.push(() => bench.close());
    });
    afterEach(async () => {
      for (const end of ends.splice(0).toReversed()) await end();
    });

    async function start({ memoryOnly = false, parameters = bench.parameters } = {}) {
      const network = driver.checkNetwork(parameters);
      const pool = new VerifierPool({ clock: systemClock, runJob });
      const early: Notice[] = [];
      const { client, fencing } = await driver.start({
        network, memoryOnly, rtc: undefined, clock: systemClock, random: systemRandom, hub: 'test', verify: pool.verify,
        database: originName({ chain: driver.chain, genesisHash: network.genesisHash }),
        settings: resolveSettings({ network: { witnessWait: 1_000, prove: false, minPeers: 2 } }),
        notice: (level, code, data) => early.push({ time: 0, level, code, data }),
      });
      const told = { heads: [] as HeadEvent[], trusts: [] as TrustRecord[], notices: early };
      client.events.on('head', (event) => told.heads.push(event));
      client.events.on('trust', (event) => told.trusts.push(event));
      client.events.on('notice', (event) => told.notices.push(event));
      let closing: Promise<void> | undefined;
      const close = () =>
        (closing ??= client.close().then(() => {
          pool.close();
        }));
      ends.push(close);
      return { client, fencing, told, close };
    }

    const isAtHead = (client: ChainClient) => expect(client.getHead().latest).toMatchObject(bench.head());
    const atHead = (client: ChainClient) => vi.waitFor(() => isAtHead(client));
    const known = ({ height, hash, timestamp, trust, finality, details }: HeadView) => {
      expect(Number.isSafeInteger(height) && Number.isSafeInteger(timestamp)).toBe(true);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(['claimed', 'witnessed', 'pinned', 'proven']).toContain(trust);
      expect(['final', 'pending']).toContain(finality);
      expect(details.chain).toBe(driver.chain);
    };

    it('checks the parameters: takes its own, refuses everything else with a code', () => {
      const checked = driver.checkNetwork(structuredClone(bench.parameters));
      expect(checked.genesisHash).toMatch(/^[0-9a-f]{64}$/);
      expect(driver.networkView(checked)).toMatchObject({ genesisHash: checked.genesisHash, details: { chain: driver.chain } });
      for (const wrong of [undefined, null, 7, 'network', [], [bench.parameters], {}]) expect(codeOf(() => driver.checkNetwork(wrong))).toMatch(/^[a-z-]+$/);
      for (const field of Object.keys(checked)) {
        for (const value of [{}, -1, 'x'.repeat(100_000), [[]]]) {
          if (field === 'chain' || (field === 'seeds' && !Array.isArray(value))) continue;
          const code = codeOf(() => driver.checkNetwork({ ...bench.parameters, [field]: value }));
          expect([field, code ?? 'taken']).toEqual([field, expect.stringMatching(/^[a-z-]+$/)]);
        }
      }
      expect(codeOf(() => driver.checkNetwork({ ...bench.parameters, genesisHash: '00'.repeat(32) }))).toMatch(/^[a-z-]+$/);
    });

    it('reaches the head and follows it; heights ascend, what is final stays final', async () => {
      const { client, told } = await start();
      await atHead(client);
      for (let i = 0; i < 12; i++) {
        await bench.produce(1);
        await atHead(client);
      }
      const { latest, final } = client.getHead();
      known(latest);
      known(final);
      expect(final.finality).toBe('final');
      expect(final.height).toBeLessThanOrEqual(latest.height);
      for (const { adopted } of told.heads) {
        adopted.forEach(known);
        const heights = adopted.map(({ height }) => height);
        expect(heights).toEqual(heights.toSorted((a, b) => a - b));
      }
      const finals = told.heads.map(({ head }) => head.final.height);
      expect(finals).toEqual(finals.toSorted((a, b) => a - b));
      await vi.waitFor(() => expect(client.getStatus()).toMatchObject({ phase: 'established', consensus: 'established', storage: { kind: 'indexeddb' } }));
      await vi.waitFor(() => expect(client.getPeers().some(({ state }) => state === 'live')).toBe(true));
    });

    it('refuses a question that it does not have, and arguments of any kind, with a code', async () => {
      const { client } = await start();
      const codesOf = (args: readonly unknown[]) => Promise.all(['', 'no such question', 'constructor'].map((question) => client.ask(question, args).then(() => 'answered', ({ code }: { readonly code: string }) => code)));
      for (const args of [[], [undefined], [{}], Array.from({ length: 1000 }, () => 'x')]) expect(await codesOf(args)).toEqual(['unknown-question', 'unknown-question', 'unknown-question']);
    });

    it('finds a block by height and by hash, says that it has none, and obeys an abort', async () => {
      const { client } = await start();
      await atHead(client);
      const { height, hash } = client.getHead().latest;
      const found = await client.getBlock(height);
      expect(found).toMatchObject({ height, hash, place: 'chain' });
      expect(await client.getBlock(hash)).toEqual(found);
      expect(await client.getBlock(height + 1_000_000)).toBeUndefined();
      const reason = new Error('not needed any more');
      await expect(client.getBlock('ab'.repeat(32), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('has the stored head at once after a restart, and does not fetch it again', async () => {
      const first = await start();
      await atHead(first.client);
      const { latest: before, final } = first.client.getHead();
      await first.close();
      const sent = bench.sent();
      const second = await start();
      expect(second.fencing).toBe(first.fencing + 1);
      expect(second.client.getHead().latest).toMatchObject({ height: before.height, hash: before.hash });
      await vi.waitFor(() => expect(second.client.getStatus().consensus).toBe('established'));
      // A block that was not final when the client closed may be asked for again.
      expect(bench.sent() - sent).toBeLessThanOrEqual(fewest + before.height - final.height);
      await bench.produce(1);
      await atHead(second.client);
    });

    it('does not believe a damaged store, and comes to the head all the same', async () => {
      const first = await start();
      await atHead(first.client);
      await first.close();
      await damage(originName({ chain: driver.chain, genesisHash: driver.checkNetwork(bench.parameters).genesisHash }));
      const { client } = await start();
      const { genesisHeight } = driver.networkView(driver.checkNetwork(bench.parameters));
      expect(client.getHead().final.height).toBe(genesisHeight);
      await atHead(client);
      known(client.getHead().latest);
    });

    it('carries the chain to another client; takes nothing from bytes that were changed', async () => {
      const first = await start();
      await atHead(first.client);
      const bytes = first.client.exportSnapshot();
      const { height, hash } = first.client.getHead().latest;
      await first.close();
      // Without a node nothing but the snapshot can bring the head.
      const parameters = { ...bench.parameters, seeds: [], gateways: [] };
      const other = await start({ memoryOnly: true, parameters });
      const genesis = other.client.getHead().latest;
      for (let at = 0; at < 40; at++) {
        const changed = bytes.slice();
        changed[Math.floor((at * bytes.length) / 40)]! ^= 0x10;
        const refused = await other.client.importSnapshot(changed).then(() => undefined, (error: unknown) => error);
        const now = other.client.getHead().latest;
        // What no signature covers may change without harm; a block of the chain never does.
        expect(now.hash).toBe(refused === undefined ? hash : genesis.hash);
        expect(refused === undefined || /^[a-z-]+$/.test(String((refused as { readonly code?: unknown }).code))).toBe(true);
        if (refused === undefined) return;
      }
      for (const length of [1, 7, bytes.length - 1]) await expect(other.client.importSnapshot(bytes.slice(0, length))).rejects.toHaveProperty('code');
      // A chain may want nodes to confirm a snapshot; then it is refused here, and taken below.
      const alone = await other.client.importSnapshot(bytes).then(() => undefined, (error: unknown) => (error as { readonly code?: unknown }).code);
      expect(alone === undefined || alone === 'not-confirmed').toBe(true);
      expect(other.client.getHead().latest.hash).toBe(alone === undefined ? hash : genesis.hash);
      const connected = await start({ memoryOnly: true });
      await vi.waitFor(() => expect(connected.client.getStatus().consensus).toBe('established'));
      // It has the same chain by now.
      const again = await connected.client.importSnapshot(bytes).then(() => undefined, (error: unknown) => (error as { readonly code?: unknown }).code);
      expect(again === undefined || again === 'not-newer').toBe(true);
      expect(connected.client.getHead().latest).toMatchObject({ height, hash });
    });

    it('bans a node that lies, says why, and stays on the true chain', async () => {
      const { client, told } = await start();
      await atHead(client);
      await vi.waitFor(async () => {
        await bench.lie();
        await bench.produce(1);
        await atHead(client);
        expect(client.getPeers().some(({ state, reason }) => state === 'banned' && reason !== undefined)).toBe(true);
      });
      expect(told.notices.some(({ code }) => code === 'peer-banned')).toBe(true);
      await bench.produce(2);
      await atHead(client);
    });

    it.runIf(isFollowed)('a node that lied is not dialled after a restart, and shown with its reason; a wipe forgets that', async () => {
      const first = await start();
      const banned = (client: ChainClient) => client.getPeers().filter(({ state }) => state === 'banned').map(({ id, reason, bannedUntil }) => ({ id, code: reason?.code, isTerm: (bannedUntil ?? 0) > Date.now() }));
      await atHead(first.client);
      await vi.waitFor(async () => {
        await bench.lie();
        await bench.produce(1);
        await atHead(first.client);
        expect(banned(first.client)).toHaveLength(1);
      });
      const before = banned(first.client);
      await first.close();
      const { client } = await start();
      expect(banned(client)).toEqual(before);
      expect(before[0]!.isTerm).toBe(true);
      await atHead(client);
      await vi.waitFor(() => expect(client.getStatus().consensus).toBe('established'));
      expect(client.getPeers().some(({ id, state }) => id === before[0]!.id && state !== 'banned')).toBe(false);
      await client.wipe();
      expect(banned(client)).toEqual([]);
    });

    it.runIf(isFollowed)('a write that fails takes it to memory, and it goes back to the database with every block', async () => {
      const first = await start();
      await atHead(first.client);
      const kind = () => first.client.getStatus().storage.kind;
      const puts = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
        throw new DOMException('no room', 'QuotaExceededError');
      });
      ends.push(() => puts.mockRestore());
      await bench.produce(3);
      await atHead(first.client);
      await vi.waitFor(() => expect(kind()).toBe('memory'));
      expect(first.told.notices.map(({ code }) => code)).toContain('storage-quota');
      await bench.produce(3);
      await atHead(first.client);
      puts.mockRestore();
      first.client.returnToStore();
      await vi.waitFor(() => expect(kind()).toBe('indexeddb'));
      expect(first.told.notices.map(({ code }) => code)).toContain('storage-reopened');
      await bench.produce(1);
      await atHead(first.client);
      const { latest, final } = first.client.getHead();
      await first.close();
      const sent = bench.sent();
      const second = await start();
      expect(second.client.getHead().final).toMatchObject({ height: final.height, hash: final.hash });
      await atHead(second.client);
      // A block that was not final when the client closed may be asked for again.
      expect(bench.sent() - sent).toBeLessThanOrEqual(fewest + latest.height - final.height);
    });

    it('wipes what is stored, and starts over from genesis', async () => {
      const first = await start();
      await atHead(first.client);
      await first.client.wipe();
      expect(first.told.heads.some(({ head }) => head.latest.height === driver.networkView(driver.checkNetwork(bench.parameters)).genesisHeight)).toBe(true);
      await atHead(first.client);
    });

    it('tells nothing after it was closed, and closes twice without harm', async () => {
      const { client, told, close } = await start();
      await atHead(client);
      await close();
      await client.close();
      const heads = told.heads.length;
      await bench.produce(1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(told.heads).toHaveLength(heads);
      expect(client.getStatus().phase).toBe('stopped');
    });
  });
}

function codeOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return String((error as { readonly code?: unknown }).code);
  }
}

/** Flips a byte in every stored row. */
async function damage(name: string): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('not opened')));
  });
  const transaction = database.transaction(Array.from(database.objectStoreNames), 'readwrite');
  for (const table of Array.from(database.objectStoreNames)) {
    const store = transaction.objectStore(table);
    const request = store.openCursor();
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (!cursor) return;
      const value = cursor.value as Uint8Array;
      value[value.length - 1]! ^= 1;
      cursor.update(value);
      cursor.continue();
    });
  }
  await new Promise((resolve) => {
    transaction.addEventListener('complete', resolve);
  });
  database.close();
}
