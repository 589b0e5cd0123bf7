import { expect, it } from 'vitest';
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
  const tell = (consensus: Status['consensus'], code?: string) => listeners.forEach((listener) => listener({ consensus, reason: code === undefined ? undefined : { code, data: {} } } as unknown as Status));
  return { live, tell, abort, listeners };
}

it('waits until the client follows the chain', async () => {
  const { live, tell, listeners } = setUp();
  tell('connecting');
  tell('connecting', 'asleep');
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
