import { afterEach, describe, expect, it } from 'vitest';
import { FollowedWorld, worldItem } from '../../../test/support/followed-world.ts';

const SEEDS = ['/a', '/b', '/c'];
const worlds: FollowedWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.client.close();
});

function setup(blocks = 0, final = blocks) {
  const world = new FollowedWorld();
  worlds.push(world);
  world.produce(blocks, { announce: false, final });
  return world;
}

/** The heights that were told: adopted as they are, reverted negative. */
const heights = ({ told }: FollowedWorld) => told.head.flatMap(({ adopted, reverted }) => [...reverted.map(({ height }) => -height), ...adopted.map(({ height }) => height)]);

describe('what the hub asks', () => {
  it('goes back to the database by the means of the chain, or says that it cannot', async () => {
    const plain = setup();
    plain.start([]);
    plain.client.returnToStore();
    expect(plain.told.log.at(-1)).toMatchObject({ code: 'storage-not-yet', data: { reason: 'unavailable' } });
    const world = setup();
    const calls: string[] = [];
    world.start([], { returning: { begin: (now) => void calls.push(`begin ${now}`), stop: async () => void calls.push('stop') } });
    world.client.returnToStore();
    world.client.storeChanged();
    await world.clock.until(world.client.close());
    expect(calls).toEqual(['begin true', 'stop']);
  });

  it('wipes and starts over, also in the middle of a sync', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    await world.client.wipe();
    expect(world.told.head.at(-1)).toMatchObject({ head: { latest: { height: 0 } }, reverted: [{ height: 10 }] });
    await world.established();
    expect(world.client.getHead().latest.height).toBe(10);
    expect(world.told.notice.map(({ code }) => code)).toEqual(['wiped']);
    world.produce(600, { announce: false, final: 610 });
    world.announce(world.items.at(-1)!);
    await world.clock.untilTrue(() => world.client.getStatus().phase === 'catch-up');
    await world.clock.until(world.client.wipe());
    expect(world.store.wiped).toBe(2);
    await world.atHead();
  });

  it('takes a snapshot while it has no peer, and refuses a damaged one', async () => {
    const world = setup();
    world.start([]);
    await world.clock.advance(100);
    await expect(world.client.importSnapshot(Uint8Array.of(0))).rejects.toMatchObject({ code: 'damaged' });
    await world.client.importSnapshot(Uint8Array.of(5));
    expect(world.client.getHead().final.height).toBe(5);
    expect(heights(world)).toEqual([1, 2, 3, 4, 5]);
    expect(world.client.exportSnapshot()).toEqual(Uint8Array.of(5));
    expect(world.client.getStatus().reason?.code).toBe('no-seeds');
  });

  it('stands still after a snapshot that proves another final block', async () => {
    const world = setup();
    world.start([]);
    await world.clock.advance(100);
    await expect(world.client.importSnapshot(Uint8Array.of(255))).rejects.toMatchObject({ code: 'refused', data: { reason: 'halted' } });
    expect(world.client.getStatus().reason).toEqual({ code: 'chain-halted', data: { height: 3 } });
    expect(world.told.notice.map(({ code }) => code)).toEqual(['chain-halted']);
  });

  it('finds blocks in the chain, then at peers, and obeys an abort', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    expect(await world.client.getBlock(7)).toMatchObject({ height: 7, place: 'chain' });
    expect(await world.client.getBlock(worldItem(7).id)).toMatchObject({ height: 7 });
    expect(await world.client.getBlock(999)).toMatchObject({ linkedFrom: 1_000 });
    for (const none of [-1, 0.5, Number.NaN, 1_000_000, '', 'xyz', 'ab'.repeat(32)]) expect(await world.client.getBlock(none)).toBeUndefined();
    await expect(world.client.getBlock(7, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
  });

  it('tells nothing after it was closed, and closes twice without harm', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    await world.clock.until(world.client.close());
    await world.client.close();
    const told = world.told.head.length;
    world.produce(1);
    await world.clock.advance(60_000);
    expect(world.told.head).toHaveLength(told);
    expect(world.client.getStatus()).toMatchObject({ phase: 'stopped', reason: undefined });
    expect([world.store.closed, world.connected.size, world.clock.pending]).toEqual([1, 0, 0]);
    await expect(world.client.wipe()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
