import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';
import type { Migration } from './schema.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const first: Migration = { version: 1, run: (database) => void database.createObjectStore('old') };
const second: Migration = {
  version: 2,
  async run(database, transaction) {
    const target = database.createObjectStore('new');
    const old = transaction.objectStore('old');
    for (const key of await old.getAllKeys()) await target.put((await old.get(key)) as string, `moved-${String(key)}`);
    database.deleteObjectStore('old');
  },
};
const third: Migration = { version: 3, run: (_, transaction) => void transaction.objectStore('new').put('added', 'later') };

describe('openDatabase', () => {
  it('upgrades an older schema step by step, with its data', async () => {
    const onLost = () => undefined;
    const old = await openDatabase({ name: 'x', migrations: [first], onLost });
    await old.put('old', 'value', 'key');
    old.close();
    const today = await openDatabase({ name: 'x', migrations: [first, second, third], onLost });
    expect(today.version).toBe(3);
    expect(Array.from(today.objectStoreNames)).toEqual(['new']);
    expect(await today.get('new', 'moved-key')).toBe('value');
    expect(await today.get('new', 'later')).toBe('added');
    today.close();
  });

  it('a step that fails leaves everything as it was', async () => {
    const onLost = () => undefined;
    const old = await openDatabase({ name: 'x', migrations: [first], onLost });
    await old.put('old', 'value', 'key');
    old.close();
    const broken: Migration = {
      version: 3,
      run: () => {
        throw new Error('broken step');
      },
    };
    await expect(openDatabase({ name: 'x', migrations: [first, second, broken], onLost })).rejects.toMatchObject({ code: 'migration-failed', cause: { message: 'broken step' } });
    const again = await openDatabase({ name: 'x', migrations: [first], onLost });
    expect(await again.get('old', 'key')).toBe('value');
    again.close();
  });

  it('gives up when an older connection does not close', async () => {
    const stubborn = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('x', 1);
      request.addEventListener('success', () => resolve(request.result));
    });
    await expect(openDatabase({ name: 'x', migrations: [first, second], blockedGrace: 1, onLost: () => undefined })).rejects.toMatchObject({ code: 'blocked' });
    stubborn.close();
  });

  it('gives up on a browser that does not answer, and closes a connection that comes later', async () => {
    const { open } = IDBFactory.prototype;
    let answer = () => {};
    let came: () => void;
    const late = new Promise<void>((resolve) => (came = resolve));
    IDBFactory.prototype.open = function (this: IDBFactory, ...args) {
      const request = open.apply(this, args);
      const { addEventListener } = request;
      // The event that the library waits for is delivered when the test says so.
      request.addEventListener = (type: string, listener: never) => {
        if (type !== 'success') return addEventListener.call(request, type, listener);
        const before = answer;
        addEventListener.call(request, type, (event: Event) => {
          answer = () => (before(), (listener as (event: Event) => void).call(request, event));
          came();
        });
      };
      return request;
    };
    try {
      await expect(openDatabase({ name: 'x', migrations: [first], deadline: 1, migrationDeadline: 1, onLost: () => undefined })).rejects.toMatchObject({ code: 'no-answer' });
    } finally {
      IDBFactory.prototype.open = open;
    }
    await late;
    // All listeners have been called.
    await new Promise((resolve) => setTimeout(resolve, 0));
    answer();
    await new Promise((resolve) => setTimeout(resolve, 0));
    // No connection keeps it open, so a newer schema is not blocked.
    const newer = await openDatabase({ name: 'x', migrations: [first, second], blockedGrace: 1, onLost: () => undefined });
    newer.close();
  });

  it('an open connection closes for a newer schema and reports it', async () => {
    let lost = 0;
    await openDatabase({ name: 'x', migrations: [first], onLost: () => lost++ });
    const newer = await openDatabase({ name: 'x', migrations: [first, second], onLost: () => undefined });
    expect(lost).toBe(1);
    newer.close();
  });
});
