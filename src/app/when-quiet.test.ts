import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Client, Status } from '../client/types.ts';
import { whenQuiet } from './when-quiet.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fakeClient() {
  const listeners = new Set<(status: Status) => void>();
  const client = { on: (_: string, listener: (status: Status) => void) => (listeners.add(listener), () => listeners.delete(listener)) } as unknown as Client;
  return { client, listeners, tell: (consensus: Status['consensus']) => listeners.forEach((listener) => listener({ consensus } as Status)) };
}

async function watch(client: Promise<Client>) {
  const quiet = vi.fn<() => void>();
  void whenQuiet(client).then(quiet);
  await vi.advanceTimersByTimeAsync(1);
  return quiet;
}

it('waits for consensus, and then removes its listener', async () => {
  const { client, listeners, tell } = fakeClient();
  const quiet = await watch(Promise.resolve(client));
  tell('connecting');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(quiet).not.toHaveBeenCalled();
  tell('established');
  await vi.advanceTimersByTimeAsync(1);
  expect(quiet).toHaveBeenCalledTimes(1);
  expect(listeners.size).toBe(0);
});

it('has a time limit, and does not wait for a client that failed', async () => {
  const never = await watch(new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(9_000);
  expect(never).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(never).toHaveBeenCalledTimes(1);
  expect(await watch(Promise.reject(new Error('no')))).toHaveBeenCalledTimes(1);
});
