import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { sleep } from '../../base/clock.ts';
import type { Item } from '../sync/sync-chain.ts';
import { CatchUp } from './catch-up.ts';
import type { ChainPeer } from './followed-chain.ts';

it('a peer that gives one block an answer, each in the last moment, holds up the others no longer than one that is silent', async () => {
  const clock = new ManualClock();
  const tip = { height: 0, id: '0' };
  let asked = 0;
  const dripping = {
    id: 'liar', claims: { height: 30, earliest: 0, snapshot: undefined },
    async getBlocks(from: number, _count: number, { signal }: { readonly signal: AbortSignal }) {
      asked += 1;
      await sleep(clock, 4_000, signal);
      return { value: [{ height: from, id: String(from), parent: '', size: 1, block: 0 } satisfies Item<number>], size: 1 };
    },
  } as unknown as ChainPeer<number>;
  const catchUp = new CatchUp<number>({
    chain: { tip: () => tip, head: () => tip }, clock, maxBehindBlocks: 32, headersOnly: false, peer: () => dripping, peers: () => [dripping],
    fault: () => undefined, asked: () => undefined, push: async () => true,
  });
  let ended: number | undefined;
  const fetched = catchUp.fetch(dripping, 1, 30, new AbortController().signal).then(() => (ended = clock.monotonic()));
  for (let second = 0; second < 10; second += 1) {
    clock.advance(1_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  await fetched;
  expect([ended, asked]).toEqual([5_000, 2]);
  // It rests.
  await catchUp.fetch(dripping, 1, 30, new AbortController().signal);
  expect(asked).toBe(2);
});
