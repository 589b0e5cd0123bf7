import type { Connection } from '@libp2p/interface';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { CLOSE_PATIENCE, RequestClient } from './request-client.ts';

/** A connection on which every stream breaks at once. It stays open until the test closes it. */
class BreakingConnection extends EventTarget {
  status = 'open';
  newStream = async () => {
    throw Object.assign(new Error('the stream broke'), { name: 'StreamResetError' });
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function ask(patience?: number) {
  const clock = new ManualClock();
  const connection = new BreakingConnection();
  const client = new RequestClient(clock, patience);
  const asked = client.request('peer', () => connection as unknown as Connection, 'head', {}).then(
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
