import { expect, it, vi } from 'vitest';
import { StorageError } from './storage-error.ts';
import type { Store } from '../chains/albatross/store/store.ts';
import { openStore } from './open-store.ts';

const store = (takeFencing: () => Promise<number>) => ({ takeFencing, close: vi.fn<() => Promise<void>>(async () => {}) }) as unknown as Store;

it('uses the fencing number of the first store', async () => {
  const first = store(async () => 7);
  const fallback = vi.fn<(code: string, data: object) => void>();
  expect(await openStore(() => first, () => store(async () => 1), fallback)).toEqual({ store: first, fencing: 7 });
  expect(fallback).not.toHaveBeenCalled();
});

it('uses the second store when the first cannot be opened, gives the reason, and closes the first', async () => {
  const first = store(() => Promise.reject(new StorageError('schema-from-the-future', 'too new')));
  const second = store(async () => 1);
  const fallback = vi.fn<(code: string, data: object) => void>();
  expect(await openStore(() => first, () => second, fallback)).toEqual({ store: second, fencing: 1 });
  expect(fallback).toHaveBeenCalledWith('schema-from-the-future', { message: 'too new' });
  expect(first.close).toHaveBeenCalled();
});
