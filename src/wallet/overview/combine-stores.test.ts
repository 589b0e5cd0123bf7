import { expect, it, vi } from 'vitest';
import { combineStores } from './combine-stores.ts';

function store<T>(value: T) {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next: T) => {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => (listeners.add(listener), () => void listeners.delete(listener)),
    listeners,
  };
}

it('has the same array until a value changes, and listens to all', () => {
  const [one, two] = [store(1), store(2)];
  const both = combineStores([one, two]);
  const told = vi.fn<() => void>();
  const end = both.subscribe(told);
  const before = both.get();
  expect(before).toEqual([1, 2]);
  expect(both.get()).toBe(before);
  two.set(3);
  expect(told).toHaveBeenCalledTimes(1);
  expect(both.get()).toEqual([1, 3]);
  end();
  expect(one.listeners.size + two.listeners.size).toBe(0);
});

it('is the same empty array of no stores', () => {
  const nothing = combineStores([]);
  expect(nothing.get()).toBe(nothing.get());
});
