import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { IndexedDbRows } from '../../../storage/indexed-db-rows.ts';
import { createIndexedDbStore } from './indexed-db-store.ts';
import { OwnerJournal } from '../../../storage/owner-journal.ts';
import type { Table } from '../../../storage/rows.ts';
import { TABLES } from '../../../storage/rows.ts';
import { MIGRATIONS } from '../../../storage/schema.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { type RawRow, storeCompliance } from '../../../../test/support/store-compliance.ts';

const NAME = 'petrel/4f8f18fc';
const put = IDBObjectStore.prototype.put;

function freshDatabases(): void {
  globalThis.indexedDB = new IDBFactory();
  IDBObjectStore.prototype.put = put;
}

storeCompliance('indexeddb', async () => {
  freshDatabases();
  return {
    open: () => createIndexedDbStore({ network: unitAlbatross }),
    async rows() {
      const database = await openDB(NAME);
      const all: RawRow[] = [];
      for (const table of TABLES) for (const key of await database.getAllKeys(table)) all.push({ table, key: key as string | number, value: (await database.get(table, key)) as Uint8Array });
      database.close();
      return all;
    },
    async poke({ table, key, value }) {
      const database = await openDB(NAME);
      await database.put(table, value, key);
      database.close();
    },
    onWrite(spy) {
      IDBObjectStore.prototype.put = spy
        ? function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
            spy(this.name as Table, key as string | number);
            return put.call(this, value, key);
          }
        : put;
    },
  };
});

describe('IndexedDB store', () => {
  it('refuses a newer schema and leaves it alone', async () => {
    freshDatabases();
    const future = await openDB(NAME, 99, { upgrade: (database) => void database.createObjectStore('wonders') });
    await future.put('wonders', 'kept', 'a');
    future.close();
    const store = createIndexedDbStore({ network: unitAlbatross });
    await expect(store.load()).rejects.toMatchObject({ name: 'StorageError', code: 'schema-from-the-future' });
    await expect(store.takeFencing()).rejects.toMatchObject({ code: 'schema-from-the-future' });
    const again = await openDB(NAME);
    expect(again.version).toBe(99);
    expect(await again.get('wonders', 'a')).toBe('kept');
    again.close();
  });

  it('issue 11.2: upgrades a database of an earlier schema: rows without their verification parameters are deleted, bans and keys stay', async () => {
    freshDatabases();
    const old = await openDB(NAME, 2, { upgrade: (database, _from, _to, transaction) => MIGRATIONS.slice(0, 2).forEach((step) => void step.run(database, transaction as never)) });
    const kept = [['meta', 'bans'], ['meta', 'fencing'], ['keys', 'a']] as const;
    const gone = [['meta', 'head'], ['meta', 'proof-genesis'], ['meta', 'proof-pinned'], ['chain', 'tail'], ['validators', 328], ['elections', 328], ['election-heights', 'b'], ['archive', 'b']] as const;
    for (const [table, key] of [...kept, ...gone]) await old.put(table, new Uint8Array(1), key);
    old.close();
    const store = createIndexedDbStore({ network: unitAlbatross });
    expect(await store.load()).toEqual({ kind: 'empty' });
    const now = await openDB(NAME);
    expect(now.version).toBe(5);
    expect(Array.from(now.objectStoreNames).toSorted()).toEqual(TABLES.toSorted());
    for (const [table, key] of kept) expect(await now.get(table, key)).toEqual(new Uint8Array(1));
    for (const [table, key] of gone) expect(await now.get(table, key)).toBeUndefined();
    now.close();
  });

  it('closes for an upgrade, and then sees the newer schema', async () => {
    freshDatabases();
    const store = createIndexedDbStore({ network: unitAlbatross });
    expect(await store.takeFencing()).toBe(1);
    const newer = await openDB(NAME, 9);
    newer.close();
    await expect(store.load()).rejects.toMatchObject({ code: 'schema-from-the-future' });
  });

  it('reopens when the connection was lost', async () => {
    freshDatabases();
    const store = createIndexedDbStore({ network: unitAlbatross });
    expect(await store.takeFencing()).toBe(1);
    const transaction = IDBDatabase.prototype.transaction;
    let failures = 0;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
      if (failures++ === 0) throw new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError');
      return transaction.apply(this, args);
    };
    try {
      expect(await store.load()).toEqual({ kind: 'empty' });
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(failures).toBeGreaterThan(1);
  });

  it('reports a browser without IndexedDB', async () => {
    freshDatabases();
    const kept = globalThis.indexedDB;
    Reflect.deleteProperty(globalThis, 'indexedDB');
    try {
      await expect(createIndexedDbStore({ network: unitAlbatross }).load()).rejects.toBeInstanceOf(StorageError);
    } finally {
      globalThis.indexedDB = kept;
    }
  });

  it('reports exhausted storage', async () => {
    freshDatabases();
    const store = createIndexedDbStore({ network: unitAlbatross });
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    await expect(store.takeFencing()).rejects.toMatchObject({ code: 'quota' });
    IDBObjectStore.prototype.put = put;
  });

  it('does not wait without limit for a transaction that does not end', async () => {
    freshDatabases();
    const rows = new IndexedDbRows({ name: NAME, deadline: 50 });
    const row = { table: 'meta', key: 'head', value: Uint8Array.of(1) } as const;
    const write = () => rows.write({ durability: 'relaxed', writes: [row] }, () => []);
    await write();
    const other = await openDB(NAME);
    const transaction = other.transaction('meta', 'readwrite');
    const held = { done: false };
    const holding = (async () => {
      while (!held.done) await transaction.store.get('head');
      await transaction.done;
    })();
    await expect(write()).rejects.toMatchObject({ name: 'StorageError', code: 'no-answer' });
    held.done = true;
    await holding;
    other.close();
    await write();
    await rows.close();
  });

  it('reports closed after close', async () => {
    freshDatabases();
    const store = createIndexedDbStore({ network: unitAlbatross });
    await store.load();
    await store.close();
    await expect(store.load()).rejects.toMatchObject({ code: 'closed' });
  });
});

it('keeps a journal for tests: each writing transaction records its owner, and a refused write leaves no entry', async () => {
  freshDatabases();
  const stores = ['a', 'b'].map((hub) => createIndexedDbStore({ network: unitAlbatross, journal: new OwnerJournal(hub) }));
  const [a, b] = [stores[0]!, stores[1]!];
  await a.takeFencing();
  await a.putBans([]);
  await b.takeFencing();
  await expect(a.putBans([])).rejects.toMatchObject({ code: 'stale-owner' });
  await b.putBans([]);
  await a.close();
  await b.close();
  const database = await openDB(NAME);
  const row = (await database.get('meta', 'journal')) as Uint8Array;
  database.close();
  expect(JSON.parse(new TextDecoder().decode(row))).toEqual({
    total: 6,
    entries: [['grant', 'a'], ['write', 'a'], ['grant', 'b'], ['write', 'b'], ['release', 'a'], ['release', 'b']],
  });
});
