import { describe, expect, it, vi } from 'vitest';
import { ClientError } from '../bridge/errors.ts';
import { FakeLocks } from '../../test/support/fake-locks.ts';
import { holdLock } from '../bridge/life/liveness-lock.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { settle } from '../../test/support/settling-clock.ts';
import { namesOf } from '../bridge/life/names.ts';
import { MAX_HUNG_HUBS, newestGeneration, replaceHub } from './replace-hub.ts';

const names = namesOf({ genesisHash: '4f8f18fc'.repeat(8) }, 'b1');

function setup() {
  const locks = new FakeLocks();
  const clock = new ManualClock();
  const start = vi.fn<(generation: number) => Promise<string>>(async (generation) => {
    await holdLock(locks.of(`hub ${generation}`), names.hub(names.worker(generation), crypto.randomUUID()));
    return `session with ${generation}`;
  });
  const replace = (generation: number, silent = false) => replaceHub({ names, locks, clock, generation, silent }, start);
  const hub = (generation: number, client = `hub ${generation}`) => holdLock(locks.of(client), names.hub(names.worker(generation), 'old'));
  return { locks, clock, start, replace, hub };
}

describe('replaceHub', () => {
  it('takes the owner lock from the silent hub and starts the next generation, which other tabs then find', async () => {
    const { locks, replace, hub } = setup();
    await hub(0);
    const owner = await holdLock(locks.of('hub 0'), names.owner);
    expect(await replace(0)).toBe('session with 1');
    expect(await owner.ended).toBe('taken');
    await vi.waitFor(() => expect([locks.held(names.owner), locks.held(names.replacing)]).toEqual([false, false]));
    expect(await newestGeneration({ names, locks })).toBe(1);
  });

  it('when two tabs notice, one replaces the hub and the other joins it', async () => {
    const { locks, start, replace, hub } = setup();
    await hub(0);
    await holdLock(locks.of('hub 0'), names.owner);
    expect(await Promise.all([replace(0), replace(0)])).toEqual(['session with 1', 'session with 1']);
    expect(start.mock.calls).toEqual([[1], [1]]);
  });

  it('when two tabs notice, and the hung worker has ended before the new one starts, the new hub is not taken for the hung one', async () => {
    const { locks, clock, hub } = setup();
    await hub(0);
    let living: string | undefined;
    const start = vi.fn<(generation: number) => Promise<string>>(async () => `session with ${living}`);
    // As an elected tab: the worker's name is chosen when the seat is taken.
    const seize = async (least: number) => {
      for (const { name } of (await locks.query()).held) if (name.includes('/hub/')) locks.kill(name);
      living = names.worker(least);
      await holdLock(locks.of(`hub ${least}`), names.hub(living, crypto.randomUUID()));
    };
    const replace = () => replaceHub({ names, locks, clock, generation: 0, seize }, start);
    expect(await Promise.all([replace(), replace()])).toEqual([`session with ${names.worker(1)}`, `session with ${names.worker(1)}`]);
  });

  it('leaves the owner lock to a working hub of another build', async () => {
    const { locks, replace, hub } = setup();
    await hub(0);
    await holdLock(locks.of('another build'), names.owner);
    expect(await replace(0)).toBe('session with 1');
    expect((await locks.query()).held).toContainEqual({ name: names.owner, clientId: 'another build' });
  });

  it('starts the same generation again if the hub has died meanwhile', async () => {
    expect(await setup().replace(0)).toBe('session with 0');
  });

  it('uses another worker name for a worker that never answered, and one more name if that one is silent too, for all tabs', async () => {
    const { replace, start } = setup();
    const unreachable = new ClientError('hub-unreachable');
    start.mockRejectedValueOnce(unreachable);
    expect(await Promise.all([replace(0, true), replace(0, true)])).toEqual(['session with 2', 'session with 2']);
    start.mockRejectedValueOnce(unreachable).mockRejectedValueOnce(unreachable);
    await expect(replace(2, true)).rejects.toBe(unreachable);
    const other = new ClientError('worker-failed');
    start.mockRejectedValueOnce(other);
    await expect(replace(2, true)).rejects.toBe(other);
    expect(start.mock.calls).toEqual([[1], [2], [2], [3], [4], [3]]);
  });

  it('ends with an error after too many hanging hubs', async () => {
    const { locks, start, replace, hub } = setup();
    for (let generation = 0; generation <= MAX_HUNG_HUBS; generation++) await hub(generation);
    await expect(replace(MAX_HUNG_HUBS)).rejects.toMatchObject({ code: 'hub-hangs' });
    expect(start).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(locks.held(names.replacing)).toBe(false));
  });

  it('does not wait without limit for a tab that froze during the replacement', async () => {
    const { locks, clock, replace, hub } = setup();
    await hub(0);
    await holdLock(locks.of('frozen tab'), names.replacing);
    const replaced = replace(0);
    clock.advance(60_000);
    expect(await replaced).toBe('session with 1');
  });

  it('after a tab that froze during the replacement, one of the tabs that wait replaces the hub for all', async () => {
    const { locks, clock, hub } = setup();
    await hub(0);
    await holdLock(locks.of('frozen tab'), names.replacing);
    const starting: string[] = [];
    const loaded = Promise.withResolvers<void>();
    const tab = (id: string) =>
      replaceHub({ names, locks: locks.of(id), clock, generation: 0 }, async (generation) => {
        if (await newestGeneration({ names, locks }) === generation) return `joined ${generation}`;
        starting.push(id);
        await loaded.promise;
        await hub(generation, `hub of ${id}`);
        return `started ${generation}`;
      });
    const tabs = ['a', 'b', 'c'].map(tab);
    clock.advance(60_000);
    await vi.waitFor(() => expect(starting).not.toEqual([]));
    await settle();
    expect(starting).toHaveLength(1);
    loaded.resolve();
    expect((await Promise.all(tabs)).toSorted()).toEqual(['joined 1', 'joined 1', 'started 1']);
    await vi.waitFor(() => expect(locks.held(names.replacing)).toBe(false));
  });

  it('gives a tab that took the turn of a frozen one the same time', async () => {
    const { locks, clock, hub, start } = setup();
    await hub(0);
    const frozen = await holdLock(locks.of('frozen tab'), names.replacing);
    const second = holdLock(locks.of('second tab'), names.replacing);
    const replaced = replaceHub({ names, locks: locks.of('third tab'), clock, generation: 0 }, start);
    clock.advance(59_000);
    frozen.release();
    await second;
    clock.advance(1_000);
    await settle();
    clock.advance(59_000);
    await settle();
    expect(start).not.toHaveBeenCalled();
    (await second).release();
    expect(await replaced).toBe('session with 1');
  });

  it('a tab that was frozen just before it took the seat leaves the seat to the hub that was started meanwhile', async () => {
    const { locks, clock, hub, start } = setup();
    await hub(0);
    const thaw = Promise.withResolvers<void>();
    let queries = 0;
    const sleepy = locks.of('sleepy tab');
    const replacing = async () => (await locks.query()).held.some(({ name, clientId }) => name === names.replacing && clientId === 'sleepy tab');
    const slow = {
      ...sleepy,
      query: async () => {
        const answer = await sleepy.query();
        if ((await replacing()) && ++queries === 2) await thaw.promise;
        return answer;
      },
    };
    const seize = vi.fn<(least: number) => Promise<void>>(async () => undefined);
    const late = replaceHub({ names, locks: slow, clock, generation: 0, seize }, start);
    await vi.waitFor(() => expect(queries).toBe(2));
    const other = replaceHub({ names, locks: locks.of('other tab'), clock, generation: 0 }, start);
    await settle();
    clock.advance(60_000);
    expect(await other).toBe('session with 1');
    thaw.resolve();
    expect(await late).toBe('session with 1');
    expect(seize).not.toHaveBeenCalled();
  });

  it('a tab that lost its turn waits for the tab that took it', async () => {
    const { locks, clock, hub } = setup();
    await hub(0);
    const thaw = Promise.withResolvers<void>();
    let queries = 0;
    const sleepy = locks.of('sleepy tab');
    const slow = {
      ...sleepy,
      query: async () => {
        const answer = await sleepy.query();
        if (++queries === 3) await thaw.promise;
        return answer;
      },
    };
    const loaded = Promise.withResolvers<void>();
    const starting: string[] = [];
    const startAs = (id: string) => async (generation: number) => {
      starting.push(id);
      if (starting.length === 1) await loaded.promise;
      if (starting.length === 1) await hub(generation, `hub of ${id}`);
      return `${id} with ${generation}`;
    };
    const late = replaceHub({ names, locks: slow, clock, generation: 0 }, startAs('late'));
    await vi.waitFor(() => expect(queries).toBe(3));
    const other = replaceHub({ names, locks: locks.of('other tab'), clock, generation: 0 }, startAs('other'));
    await settle();
    clock.advance(60_000);
    await vi.waitFor(() => expect(starting).toEqual(['other']));
    thaw.resolve();
    await settle();
    expect(starting).toEqual(['other']);
    loaded.resolve();
    expect(await Promise.all([other, late])).toEqual(['other with 1', 'late with 1']);
  });
});
