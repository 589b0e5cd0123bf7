import { array, assert, asyncProperty, constant, constantFrom, integer, oneof, record } from 'fast-check';
import { expect, it } from 'vitest';
import { FollowedWorld, worldItem } from '../../../test/support/followed-world.ts';
import type { HeadEvent } from '../view.ts';

const SEEDS = ['/a', '/b', '/c', '/d'];

/** What a page that only listens knows of the chain in the end. Throws at an event that does not fit what it was told before. */
function replayed(events: readonly HeadEvent[]): readonly string[] {
  let chain: { readonly height: number; readonly hash: string }[] = [];
  for (const { head, adopted, reverted } of events) {
    if (head.latest.height === 0) {
      chain = [];
      continue;
    }
    for (const block of reverted.toReversed()) expect(chain.pop()).toMatchObject({ height: block.height, hash: block.hash });
    for (const { height, hash } of adopted) {
      expect(height).toBe(chain.length + 1);
      chain.push({ height, hash });
    }
    expect(chain.at(-1)?.hash).toBe(head.latest.hash);
  }
  return chain.map(({ hash }) => hash);
}

const step = oneof(
  record({ kind: constant('produce' as const), count: integer({ min: 1, max: 60 }), silent: constantFrom(true, false), lag: integer({ min: 0, max: 3 }) }),
  record({ kind: constant('fork' as const), from: constantFrom(...SEEDS) }),
  record({ kind: constant('drop' as const), who: constantFrom(...SEEDS) }),
  record({ kind: constant('wait' as const), ms: constantFrom(1, 40, 300, 5_000) }),
  record({ kind: constantFrom('wipe' as const, 'pause' as const, 'resume' as const, 'resync' as const) }),
);

it('whatever happens: a page that listens is told every block once, and ends with the chain of the network', async () => {
  await assert(
    asyncProperty(array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const world = new FollowedWorld();
      world.produce(5, { announce: false, final: 5 });
      const client = world.start(SEEDS);
      const wipes: Promise<void>[] = [];
      try {
        for (const todo of steps) {
          if (todo.kind === 'produce') world.produce(todo.count, { announce: !todo.silent, final: Math.max(world.final, world.items.length + todo.count - todo.lag) });
          else if (todo.kind === 'fork') world.announce(worldItem(world.items.length + 1, { branch: 'b', parentBranch: 'a' }), [todo.from]);
          else if (todo.kind === 'drop') world.drop(todo.who);
          else if (todo.kind === 'wait') await world.clock.advance(todo.ms);
          else if (todo.kind === 'wipe') wipes.push(client.wipe());
          else if (todo.kind === 'pause') await client.ask('stopSync', []);
          else if (todo.kind === 'resume') client.ask('startSync', []).catch(() => undefined);
          else client.setAttention({ mode: 'full', online: true, saveData: false });
        }
        await world.clock.until(Promise.all(wipes));
        client.ask('startSync', []).catch(() => undefined);
        await world.clock.advance(40_000);
        // The last blocks are announced, so that no request is needed for what is not final.
        world.produce(1, { final: world.items.length + 1 });
        await world.atHead();
        expect(replayed(world.told.head)).toEqual(world.items.map(({ id }) => id));
        expect(client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
      } finally {
        await world.clock.until(client.close());
      }
      // What nodes were about to answer.
      await world.clock.advance(100);
      expect(world.clock.pending).toBe(0);
    }),
    { numRuns: 40 },
  );
});
