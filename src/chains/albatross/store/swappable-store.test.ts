import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { createMemoryStore } from './memory-store.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Store } from './store.ts';
import { SwappableStore } from './swappable-store.ts';

const memory = () => createMemoryStore({ network: unitAlbatross });

/** A database whose requests fail when the test says so. */
function setup() {
  const failing: ((code: 'no-answer' | 'aborted') => void)[] = [];
  let closed = 0;
  const question = () => new Promise<never>((_, reject) => failing.push((code) => reject(new StorageError(code, 'for the test'))));
  const store = { kind: 'indexeddb', decodedKeys: question, commit: question, close: async () => void (closed += 1) } as unknown as Store;
  let silences = 0;
  const seat = new SwappableStore(store, memory);
  seat.watch(() => (silences += 1));
  return { seat, store, failing, closed: () => closed, silences: () => silences };
}

describe('SwappableStore', () => {
  it('issue 11: does not ask a store again that once did not answer; the spare one answers at once', async () => {
    const { seat, failing, closed, silences } = setup();
    const [first, second] = [seat.decodedKeys([]), seat.decodedKeys([])];
    failing[0]!('no-answer');
    await expect(first).rejects.toMatchObject({ code: 'no-answer' });
    expect([seat.kind, seat.silent, closed(), silences()]).toEqual(['memory', true, 1, 1]);
    expect(await seat.decodedKeys([])).toEqual([]);
    expect(failing).toHaveLength(2);
    // A request to the old store says nothing about the store that is in use now.
    failing[1]!('no-answer');
    await expect(second).rejects.toMatchObject({ code: 'no-answer' });
    expect(silences()).toBe(1);
  });

  it('keeps a store that fails in other ways', async () => {
    const { seat, failing, silences } = setup();
    const keys = seat.decodedKeys([]);
    failing[0]!('aborted');
    await expect(keys).rejects.toMatchObject({ code: 'aborted' });
    expect([seat.kind, seat.silent, silences()]).toEqual(['indexeddb', false, 0]);
  });

  it('tells later listeners too, and uses the next store', async () => {
    const { seat, store, failing } = setup();
    const keys = seat.decodedKeys([]);
    failing[0]!('no-answer');
    await expect(keys).rejects.toMatchObject({ code: 'no-answer' });
    let heard = 0;
    seat.watch(() => (heard += 1));
    expect(heard).toBe(1);
    await seat.change(store);
    expect([seat.kind, seat.silent]).toEqual(['indexeddb', false]);
  });
});
