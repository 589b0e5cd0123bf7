import { expect, it, vi } from 'vitest';
import type { Status } from '../client/types.ts';
import { untilLive } from './until-live.ts';

function setUp() {
  const listeners = new Set<(status: Status) => void>();
  const on = (_: string, listener: (status: Status) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const abort = new AbortController();
  const live = untilLive({ on } as never, abort.signal);
  const tell = (consensus: Status['consensus'], code?: string, live = 3) => listeners.forEach((listener) => listener({ consensus, peers: { live }, reason: code === undefined ? undefined : { code, data: {} } } as unknown as Status));
  return { live, tell, abort, listeners };
}

it('waits until the client follows the chain', async () => {
  const { live, tell, listeners } = setUp();
  tell('connecting');
  tell('connecting', 'asleep');
  tell('established', undefined, 0);
  expect(listeners.size).toBe(1);
  tell('lost', 'no-peers');
  tell('established');
  await live;
  expect(listeners.size).toBe(0);
});

it('is 4900 where waiting does not help, and ends when the host takes its request back', async () => {
  const { live, tell, listeners } = setUp();
  tell('lost', 'offline');
  await expect(live).rejects.toMatchObject({ code: 4900, data: { reason: 'offline' } });
  expect(listeners.size).toBe(0);
  const other = setUp();
  other.abort.abort(new Error('taken back'));
  await expect(other.live).rejects.toThrow('taken back');
  expect(other.listeners.size).toBe(0);
});

it('lets a client that was paused find its peers first', async () => {
  vi.useFakeTimers();
  try {
    const woken = setUp();
    woken.tell('lost', 'no-peers', 0);
    vi.advanceTimersByTime(9_000);
    woken.tell('established');
    await woken.live;
    const alone = setUp();
    const refused = alone.live.catch((error: unknown) => error);
    alone.tell('lost', 'no-peers', 0);
    vi.advanceTimersByTime(60_000);
    expect(await refused).toMatchObject({ code: 4900, data: { reason: 'no-peers' } });
    const silent = setUp();
    const patient = silent.live.catch((error: unknown) => error);
    vi.advanceTimersByTime(60_000);
    expect(await patient).toMatchObject({ code: 4900, data: { reason: 'no-consensus' } });
  } finally {
    vi.useRealTimers();
  }
});
