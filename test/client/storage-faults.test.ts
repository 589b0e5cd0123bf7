import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { type IDBPDatabase, openDB } from 'idb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { createIndexedDbStore } from '../../src/chains/albatross/store/indexed-db-store.ts';
import { AlbatrossStore } from '../../src/chains/albatross/store/albatross-store.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import { originName } from '../../src/base/origin-name.ts';
import { MIGRATIONS } from '../../src/storage/schema.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

/** Whatever happens to the database, the client syncs, follows the chain without a restart, and reports what happened. */

let devnet: Devnet;
let name: string;
/** The rows that a regularly closed client leaves behind, by table. */
let stored: Map<string, [IDBValidKey, Uint8Array][]>;
const { put } = IDBObjectStore.prototype;
const { open } = IDBFactory.prototype;
const databases = new Set<IDBDatabase>();

beforeAll(async () => {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'storage-faults', epochs: 2 });
  name = originName(devnet.network);
  await devnet.produce(35);
  const client = await started();
  await client.close();
  stored = new Map();
  await raw(async (database) => {
    for (const table of database.objectStoreNames) {
      const keys = await database.getAllKeys(table);
      stored.set(table, await Promise.all(keys.map(async (key): Promise<[IDBValidKey, Uint8Array]> => [key, (await database.get(table, key)) as Uint8Array])));
    }
  });
}, 180_000);

afterAll(() => devnet.close());

afterEach(() => {
  IDBObjectStore.prototype.put = put;
  IDBFactory.prototype.open = open;
  globalThis.indexedDB = new IDBFactory();
});

async function raw(task: (database: IDBPDatabase) => Promise<void>): Promise<void> {
  const database = await openDB(name);
  await task(database);
  database.close();
}

/** A database as the first client left it; `change` may alter its rows. */
async function storedAgain(change: (table: string, value: Uint8Array) => Uint8Array = (_, value) => value): Promise<void> {
  globalThis.indexedDB = new IDBFactory();
  const database = await openDB(name, MIGRATIONS.length, { upgrade: (fresh) => stored.forEach((_, table) => void fresh.createObjectStore(table)) });
  for (const [table, rows] of stored) for (const [key, value] of rows) await database.put(table, change(table, value), key);
  database.close();
}

/** Starts a client as `workers/hub.ts` does; resolves when synced. `said` are the codes of all notices to the user. */
async function started(settings: Readonly<Record<string, unknown>> = {}): Promise<NodeClient & { said(): string[] }> {
  const { network } = devnet;
  const fallbacks: string[] = [];
  const disk = () => createIndexedDbStore({ network, onReopened: () => fallbacks.push('storage-reopened') });
  const { store } = await openStore(disk, () => createMemoryStore({ network }), (code) => fallbacks.push(`storage-${code}`));
  const reopen = async () => (await openStore(disk)).store;
  const client = await startNodeClient({ network, store, reopen, settings });
  await client.until('synced', () => synced(client));
  return { ...client, said: () => [...fallbacks, ...client.notices.map(({ code }) => code)] };
}

function synced({ client }: NodeClient): boolean {
  return client.getStatus().consensus === 'established' && client.getHead().latest.hash === devnet.chain.head.hash;
}

/** Makes new blocks, and waits until the client has followed them. */
async function follows(client: NodeClient, blocks = 1): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    await devnet.produce(1);
    await client.until('the next block', () => synced(client));
  }
}

/**
 * Asks the client to look for the database again; it then works in the database and reports that. (By itself it looks after
 * seconds; see `store-return.test.ts`.)
 */
async function returned(client: NodeClient): Promise<void> {
  client.client.returnToStore();
  await client.until('the database', ({ getStatus }) => getStatus.call(client.client).storage.kind === 'indexeddb');
  expect(client.notices).toContainEqual(expect.objectContaining({ code: 'storage-resumed' }));
}

/** Checks that the database holds the client's head, which a second start would show at once. */
async function resumes(): Promise<void> {
  const outcome = await createIndexedDbStore({ network: devnet.network }).load();
  expect(outcome).toMatchObject({ kind: 'chain' });
}

describe('found at the start', () => {
  it.each(['meta', 'chain', 'validators'] as const)('random bytes flipped in %s', async (damaged) => {
    let seed = 7;
    await storedAgain((table, value) => {
      if (table !== damaged) return value;
      const bytes = value.slice();
      // A row consists of format, checksum and payload; the flips hit all three in some row of some table.
      for (let flips = 0; flips < 3; flips++) bytes[(seed = (seed * 48_271) % 0x7fffffff) % bytes.length]! ^= 1 + (seed % 255);
      return bytes;
    });
    const client = await started();
    expect(client.said()).toContain('stored-chain-refused');
    await follows(client);
    expect(client.client.getStatus().storage.kind).toBe('indexeddb');
    await client.close();
    await resumes();
  });

  it('bytes flipped in values that can be fetched or computed again', async () => {
    await storedAgain((table, value) => (['keys', 'elections', 'election-heights'].includes(table) ? value.map((byte, index) => (index === 40 ? byte ^ 1 : byte)) : value));
    const client = await started();
    expect(client.said()).toEqual([]);
    await follows(client);
    await client.close();
  });

  it('deleted stores', async () => {
    globalThis.indexedDB = new IDBFactory();
    (await openDB(name, MIGRATIONS.length, { upgrade: (database) => void database.createObjectStore('meta') })).close();
    const client = await started();
    expect(client.notices).toContainEqual(expect.objectContaining({ code: 'stored-chain-refused', data: { reason: 'tables-missing' } }));
    await follows(client);
    await client.close();
    await resumes();
  });

  it('a schema from a newer build, which is left alone', async () => {
    globalThis.indexedDB = new IDBFactory();
    (await openDB(name, 99, { upgrade: (database) => void database.createObjectStore('wonders') })).close();
    const client = await started();
    expect(client.said()).toContain('storage-schema-from-the-future');
    await follows(client);
    expect(client.client.getStatus().storage.kind).toBe('memory');
    await client.close();
    await raw(async (database) => expect([...database.objectStoreNames]).toEqual(['wonders']));
  });

  it.each([
    ['missing', undefined],
    ['forbidden', { open: () => { throw new DOMException('not in private mode', 'SecurityError'); } }],
  ])('IndexedDB %s', async (_, value) => {
    globalThis.indexedDB = value as never;
    const client = await started();
    expect(client.said()).toContain('storage-unavailable');
    await follows(client);
    expect(client.client.getStatus().storage.kind).toBe('memory');
    // The database becomes available after all.
    globalThis.indexedDB = new IDBFactory();
    await returned(client);
    await follows(client);
    await client.close();
    await resumes();
  });

  it('IndexedDB that never answers', async () => {
    await storedAgain();
    IDBFactory.prototype.open = function (this: IDBFactory, ...args) {
      return Object.assign(open.apply(this, args), { addEventListener: () => undefined });
    };
    const client = await started();
    expect(client.said()).toContain('storage-no-answer');
    IDBFactory.prototype.open = open;
    await returned(client);
    await follows(client);
    await client.close();
    await resumes();
  });

  it('a chain in the database that is longer than the one in memory: the client takes it, and syncs on from there', async () => {
    await storedAgain();
    const working = globalThis.indexedDB;
    globalThis.indexedDB = undefined as never;
    const { network } = devnet;
    // There is no peer to sync from.
    const client = await startNodeClient({
      network: { ...network, seeds: ['/ip4/127.0.0.1/tcp/9/ws'] }, store: createMemoryStore({ network }), reopen: async () => (await openStore(() => createIndexedDbStore({ network }))).store,
    });
    expect(client.client.getHead().latest.details).toMatchObject({ type: 'election' });
    globalThis.indexedDB = working;
    await returned(client);
    expect(client.client.getHead().latest.height).toBeGreaterThan(400);
    expect(client.client.getTrust().level).not.toBe('claimed');
    await client.close();
    await resumes();
  });
});

describe('while running', () => {
  it('the database deleted', async () => {
    await storedAgain();
    const client = await started();
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.addEventListener('success', resolve);
      request.addEventListener('error', reject);
    });
    await follows(client);
    await client.until('the notice', () => client.said().includes('storage-lost'));
    await follows(client);
    await client.close();
    expect(client.client.getStatus().storage.kind).toBe('indexeddb');
    // The blocks for other clients were deleted too, and are written again.
    expect((await createIndexedDbStore({ network: devnet.network }).archive()).blocks.size).toBeGreaterThan(0);
    await resumes();
  });

  it('the tables deleted, by another page of the same version', async () => {
    await storedAgain();
    const client = await started();
    await raw(async (database) => {
      for (const table of database.objectStoreNames) await database.clear(table);
    });
    await follows(client);
    await client.until('the notice', () => client.said().includes('storage-lost'));
    await client.client.wipe();
    await client.until('synced anew', () => synced(client));
    await client.close();
    expect(client.client.getStatus().storage.kind).toBe('indexeddb');
    await resumes();
  });

  it('the connection closed by force, repeatedly', async () => {
    await storedAgain();
    IDBFactory.prototype.open = function (this: IDBFactory, ...args) {
      const request = open.apply(this, args);
      request.addEventListener('success', () => databases.add(request.result));
      return request;
    };
    try {
      const client = await started();
      for (let round = 0; round < 3; round++) {
        for (const database of databases) forceCloseDatabase(database as never);
        databases.clear();
        await follows(client);
      }
      await client.close();
      expect(client.said()).toContain('storage-reopened');
      expect(client.client.getStatus().storage.kind).toBe('indexeddb');
    } finally {
      IDBFactory.prototype.open = open;
    }
    await resumes();
  });

  it('a newer schema takes the database', async () => {
    await storedAgain();
    const client = await started();
    (await openDB(name, 99)).close();
    await follows(client);
    await client.until('the notice', () => client.said().includes('storage-given-up'));
    await follows(client);
    expect(client.client.getStatus().storage.kind).toBe('memory');
    await client.close();
  });

  it('one aborted transaction', async () => {
    await storedAgain();
    const client = await started();
    let failures = 0;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      if (args[1] === 'head' && failures++ === 0) this.transaction.abort();
      return request;
    };
    // One block, and a second one after the first commit has failed, because blocks that arrive together are committed together.
    await follows(client, 1);
    await client.until('the failure is told', () => client.notices.some(({ code }) => code === 'commit-failed'));
    await follows(client, 1);
    await client.close();
    expect(failures).toBeGreaterThan(1);
    expect(client.notices).toContainEqual(expect.objectContaining({ code: 'commit-failed' }));
    expect(client.client.getStatus().storage.kind).toBe('indexeddb');
    await resumes();
  });

  it('a transaction that never ends', async () => {
    await storedAgain();
    const client = await started();
    const { commit } = AlbatrossStore.prototype;
    AlbatrossStore.prototype.commit = () => Promise.reject(new StorageError('no-answer', 'a transaction does not end'));
    try {
      // Each attempt would wait just as long, so the client makes no second one.
      await follows(client);
      await client.until('the notice', () => client.said().includes('storage-given-up'));
    } finally {
      AlbatrossStore.prototype.commit = commit;
    }
    expect(client.said()).not.toContain('commit-failed');
    expect(client.client.getStatus().storage.kind).toBe('memory');
    expect(client.notices).toContainEqual(expect.objectContaining({ code: 'storage-given-up', data: { reason: 'no-answer' } }));
    await returned(client);
    await client.close();
    await resumes();
  });

  it('no room left', async () => {
    await storedAgain();
    const client = await started();
    IDBObjectStore.prototype.put = function () {
      throw new DOMException('full', 'QuotaExceededError');
    };
    // Each block waits until the previous commit has failed, because blocks that arrive together are committed together.
    for (let failures = 1; failures <= 3; failures++) {
      await follows(client);
      await client.until('the failure is told', () => client.notices.filter(({ code }) => code === 'commit-failed').length >= failures);
    }
    await client.until('the notice', () => client.said().includes('storage-given-up'));
    expect(client.notices).toContainEqual(expect.objectContaining({ code: 'storage-given-up', data: { reason: 'quota' } }));
    await follows(client);
    expect(client.client.getStatus().storage.kind).toBe('memory');
    // Earlier rows are intact.
    await resumes();
    // There is still no room; then the user makes room.
    client.client.returnToStore();
    await client.until('the failed try', () => client.client.getLog().some(({ code }) => code === 'storage-not-yet'));
    expect(client.client.getStatus().storage.kind).toBe('memory');
    IDBObjectStore.prototype.put = put;
    await returned(client);
    await follows(client);
    await client.close();
    const outcome = await createIndexedDbStore({ network: devnet.network }).load();
    expect(outcome).toMatchObject({ kind: 'chain' });
    const height = client.client.getHead().latest.height;
    expect(outcome.kind === 'chain' && (outcome.chain.tail.at(-1) ?? outcome.chain.checkpoint ?? outcome.chain.election)?.header.blockNumber).toBe(height);
  });
});

it('reports how much is stored and how much may be', async () => {
  await storedAgain();
  const client = await started({ storageCap: 9_000_000 });
  await client.until('the size', (running) => running.getStatus().storage.bytes > 1_000);
  expect(client.client.getStatus().storage.cap).toBe(9_000_000);
  await client.close();
});
