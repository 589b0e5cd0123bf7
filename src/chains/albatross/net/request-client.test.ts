import type { Connection } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { CLOSE_PATIENCE, REQUEST_TIMEOUT, RequestClient } from './request-client.ts';

/** A connection on which every stream breaks, at once or when `broken` resolves. It stays open until the test closes it. */
class BreakingConnection extends EventTarget {
  status = 'open';
  broken = Promise.resolve();
  newStream = async () => {
    await this.broken;
    throw Object.assign(new Error('the stream broke'), { name: 'StreamResetError' });
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function ask(patience?: number, broken = Promise.resolve(), signal?: AbortSignal) {
  const clock = new ManualClock();
  const connection = new BreakingConnection();
  connection.broken = broken;
  const client = new RequestClient(clock, patience);
  const asked = client.request('peer', () => connection as unknown as Connection, 'head', {}, { signal }).then(
    () => 'answered',
    (error: unknown) => (error as { readonly code?: string }).code,
  );
  return { clock, connection, asked };
}

it.each([undefined, 30 * CLOSE_PATIENCE])('blames the peer for a broken stream only if its connection stays open (patience %s)', async (patience) => {
  const { clock, asked } = ask(patience);
  await settled();
  clock.advance(patience ?? CLOSE_PATIENCE);
  expect(await asked).toBe('refused');
});

it.each([undefined, 30 * CLOSE_PATIENCE])('blames nobody if the connection ends a moment after its stream (patience %s)', async (patience) => {
  const { clock, connection, asked } = ask(patience);
  await settled();
  clock.advance((patience ?? CLOSE_PATIENCE) - 1);
  connection.dispatchEvent(new Event('close'));
  expect(await asked).toBe('disconnected');
});

describe('a stream that breaks just before the deadline', () => {
  async function breakLate(signal?: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const asking = ask(undefined, promise, signal);
    await settled();
    asking.clock.advance(REQUEST_TIMEOUT - 1);
    resolve();
    await settled();
    return asking;
  }

  it('is no time-out if the connection closes within the patience', async () => {
    const { clock, connection, asked } = await breakLate();
    clock.advance(CLOSE_PATIENCE - 1);
    await settled();
    connection.dispatchEvent(new Event('close'));
    expect(await asked).toBe('disconnected');
  });

  it('is a refusal if the connection stays open', async () => {
    const { clock, asked } = await breakLate();
    clock.advance(CLOSE_PATIENCE);
    expect(await asked).toBe('refused');
  });

  it("still ends with the caller's signal", async () => {
    const controller = new AbortController();
    const { asked } = await breakLate(controller.signal);
    controller.abort({ code: 'no longer wanted' });
    expect(await asked).toBe('no longer wanted');
  });
});
