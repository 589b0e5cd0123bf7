import { describe, expect, it, vi } from 'vitest';
import { ClientError } from '../bridge/errors.ts';
import { FakeLocks } from '../../test/support/fake-locks.ts';
import { holdLock } from '../bridge/life/liveness-lock.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
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
});
