import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { sleep } from '../../base/clock.ts';
import { attemptsFor, FetchFailed, fetchInOrder } from './fetch-queue.ts';

const never = new AbortController().signal;

async function collect<T>(generator: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of generator) all.push(value);
  return all;
}

describe('fetchInOrder', () => {
  it('yields in order, whatever the order of the answers, and never has more requests in flight than allowed', async () => {
    const clock = new VirtualClock();
    let running = 0;
    let most = 0;
    const result = collect(
      fetchInOrder({
        items: Array.from({ length: 20 }, (_, i) => i),
        inFlight: 5,
        peers: () => ['a', 'b', 'c'],
        clock,
        wait: () => 0,
        signal: never,
        fetch: async (item) => {
          running += 1;
          most = Math.max(most, running);
          await sleep(clock, ((item * 7) % 5) * 100);
          running -= 1;
          return item * 2;
        },
      }),
    );
    await clock.until(result);
    expect((await result).map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(most).toBe(5);
  });

  it('issue 11: on request asks other peers in addition to silent ones, waits for those only once, and within the number of attempts', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const fetch = async (item: string, peer: string, signal: AbortSignal) => {
      asked.push(`${item} ${peer} ${clock.monotonic()}`);
      if (peer !== 'good') await sleep(clock, 8000, signal);
      if (peer !== 'good' || item === 'none') throw new Error('not here');
      return item;
    };
    const options = { peers: () => ['s', 't', 'good'], clock, wait: () => 100, signal: never, fetch };
    const result = await clock.until(collect(fetchInOrder({ ...options, items: ['x', 'y'], inFlight: 1 })));
    expect(result.map(({ item, peer }) => `${item} ${peer}`)).toEqual(['x good', 'y good']);
    expect(asked).toEqual(['x s 0', 'x t 2000', 'x good 4000', 'y good 4000']);
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    asked.length = 0;
    await expect(clock.until(collect(fetchInOrder({ ...options, items: ['none'], inFlight: 1 })))).rejects.toMatchObject({ name: 'FetchFailed', code: 'exhausted' });
    expect(asked).toHaveLength(attemptsFor(3));
  });

  it('uses another peer when one fails, and reports which peer gave the value', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const result = collect(
      fetchInOrder({
        items: ['x'],
        inFlight: 5,
        peers: () => ['bad', 'good'],
        clock,
        wait: () => 100,
        signal: never,
        fetch: async (_, peer) => {
          asked.push(peer);
          if (peer === 'bad') throw new Error('no');
          return 1;
        },
      }),
    );
    await clock.until(result);
    expect(await result).toEqual([{ item: 'x', value: 1, peer: 'good' }]);
    expect(asked).toEqual(['bad', 'good']);
  });

  it('gives up after its attempts', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    const result = collect(
      fetchInOrder({ items: ['x'], inFlight: 1, peers: () => ['a'], clock, wait: () => 10, signal: never, fetch: async () => { asked += 1; throw new Error('no'); } }),
    );
    await expect(clock.until(result)).rejects.toMatchObject({ name: 'FetchFailed', code: 'exhausted' });
    expect(asked).toBe(4);
  });

  it('reports when there is no peer to ask', async () => {
    const clock = new VirtualClock();
    const result = collect(fetchInOrder({ items: ['x'], inFlight: 1, peers: () => [], clock, wait: () => 10, signal: never, fetch: async () => 1 }));
    await expect(clock.until(result)).rejects.toBeInstanceOf(FetchFailed);
  });

  it('ends with its signal', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const result = collect(
      fetchInOrder({ items: ['x'], inFlight: 1, peers: () => ['a'], clock, wait: () => 10, signal: controller.signal, fetch: (_, __, signal) => sleep(clock, 60_000, signal) }),
    );
    controller.abort(new Error('over'));
    await expect(clock.until(result)).rejects.toThrow('over');
  });

  it('stops fetching ahead when the consumer stops', async () => {
    const clock = new VirtualClock();
    const signals: AbortSignal[] = [];
    const generator = fetchInOrder({
      items: [1, 2, 3], inFlight: 3, peers: () => ['a'], clock, wait: () => 10, signal: never,
      fetch: (item, _, signal) => { signals.push(signal); return item === 1 ? Promise.resolve() : sleep(clock, 60_000, signal); },
    });
    await generator.next();
    await generator.return(undefined);
    expect(signals).toHaveLength(3);
    expect(signals.slice(1).every((signal) => signal.aborted)).toBe(true);
  });
});

describe('attemptsFor', () => {
  it('is the number of peers between 4 and 12', () => {
    expect([0, 1, 4, 7, 12, 50].map(attemptsFor)).toEqual([4, 4, 4, 7, 12, 12]);
  });
});
