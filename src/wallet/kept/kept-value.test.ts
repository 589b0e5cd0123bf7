import { expect, it, vi } from 'vitest';
import { keptValue, type PlainStorage } from './kept-value.ts';

function memory(): PlainStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return { items, getItem: (key) => items.get(key) ?? null, setItem: (key, text) => void items.set(key, text) };
}
const read = (stored: unknown): readonly number[] => (Array.isArray(stored) ? stored.filter((each) => typeof each === 'number') : []);
const add = (value: number) => (before: readonly number[]) => [...before, value];

it('keeps what is written, and drops what is no value', () => {
  const storage = memory();
  storage.items.set('k', '[1,"x",2]');
  const first = keptValue({ storage, key: 'k', read });
  expect(first.get()).toEqual([1, 2]);
  expect(first.get()).toBe(first.get());
  first.update(add(3));
  expect(keptValue({ storage, key: 'k', read }).get()).toEqual([1, 2, 3]);
  storage.items.set('k', '{');
  expect(keptValue({ storage, key: 'k', read }).get()).toEqual([]);
});

it('loses no change of another tab, and tells of it', () => {
  const storage = memory();
  const events = new EventTarget();
  const [one, two] = [keptValue({ storage, key: 'k', read, events: events as unknown as Window }), keptValue({ storage, key: 'k', read })];
  const listener = vi.fn<() => void>();
  one.subscribe(listener);
  two.update(add(2));
  events.dispatchEvent(Object.assign(new Event('storage'), { key: 'k' }));
  expect(listener).toHaveBeenCalledTimes(1);
  expect(one.get()).toEqual([2]);
  two.update(add(3));
  one.update(add(1));
  expect(two.get()).toEqual([2, 3]);
  expect(one.get()).toEqual([2, 3, 1]);
});

it('goes on in memory where nothing can be stored', () => {
  const full: PlainStorage = {
    getItem: () => null,
    setItem: () => {
      throw new Error('quota');
    },
  };
  for (const storage of [full, undefined]) {
    const value = keptValue({ storage, key: 'k', read });
    value.update(add(1));
    expect(value.get()).toEqual([1]);
  }
});
