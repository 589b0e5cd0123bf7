import { expect, it, vi } from 'vitest';
import type { Unlocked } from '../vault/types.ts';
import { openAccounts } from './open-accounts.ts';

function fake(id: string) {
  const listeners: (() => void)[] = [];
  const lock = vi.fn<() => void>(() => listeners.forEach((listener) => listener()));
  return { account: { id }, onLock: (listener: () => void) => (listeners.push(listener), () => undefined), lock } as unknown as Unlocked & { readonly lock: typeof lock };
}

it('keeps what is open until it locks', () => {
  const accounts = openAccounts();
  const told = vi.fn<() => void>();
  accounts.subscribe(told);
  const [first, again, other] = [fake('a'), fake('a'), fake('b')];
  accounts.keep(first);
  expect(accounts.get('a')).toBe(first);
  accounts.keep(again);
  expect(first.lock).toHaveBeenCalledTimes(1);
  expect(accounts.get('a')).toBe(again);
  accounts.keep(other);
  again.lock();
  expect(accounts.get('a')).toBeUndefined();
  expect(accounts.any()).toBe(true);
  accounts.lockAll();
  expect(accounts.any()).toBe(false);
  expect(told).toHaveBeenCalledTimes(5);
});
