import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { sleep } from '../../base/clock.ts';
import { RequestError } from '../peers/peer-net.ts';
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

it.each([[undefined, 500], [0, 0], [40, 40]])('a peer that refuses a proof above our final block has proven no more than that; of a claim of final %s, %i is unproven', async (final, claimed) => {
  const told: (readonly unknown[])[] = [];
  const tip = { height: 7, id: '7' };
  const peer = {
    id: 'a', claims: { height: 500, final, earliest: 0, snapshot: undefined },
    proveTarget: async () => Promise.reject(new RequestError('refused', 'the newest proof is for 7')),
  } as unknown as ChainPeer<number>;
  const catchUp = new CatchUp<number>({
    chain: { tip: () => tip, head: () => tip }, clock: new ManualClock(), maxBehindBlocks: 32, headersOnly: false, peer: () => peer, peers: () => [peer],
    fault: () => undefined, asked: (...args) => void told.push(args), push: async () => true,
  });
  expect(await catchUp.look(new AbortController().signal)).toBe('done');
  expect(told).toEqual([['a', claimed, 7]]);
});

it('a peer that is silent on a question for proof has proven nothing; while it rests it is not asked', async () => {
  const told: (readonly unknown[])[] = [];
  const tip = { height: 7, id: '7' };
  const clock = new ManualClock();
  const peer = { id: 'a', claims: { height: 500, earliest: 0, snapshot: undefined }, proveTarget: () => new Promise(() => undefined) } as unknown as ChainPeer<number>;
  const catchUp = new CatchUp<number>({
    chain: { tip: () => tip, head: () => tip }, clock, maxBehindBlocks: 32, headersOnly: false, peer: () => peer, peers: () => [peer],
    fault: () => undefined, asked: (...args) => void told.push(args), push: async () => true,
  });
  const looked = catchUp.look(new AbortController().signal);
  await clock.advance(5_000);
  expect([await looked, told]).toEqual(['done', [['a', 500, 7]]]);
  catchUp.again();
  expect([await catchUp.look(new AbortController().signal), told.length]).toEqual(['done', 1]);
});
