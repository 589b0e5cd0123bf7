import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../test/support/fake-net.ts';
import type { Twist } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../test/support/sync-world.ts';
import { trustLevel } from '../../../engine/trust.ts';

let world: SyncWorld;
const begin = async (options: WorldOptions = {}) => (world = await new SyncWorld(options).start());
afterEach(async () => {
  await world.end();
});

/** Long enough for many batches; an epoch of the unit network has 128 blocks. */
const long = new FakeChain().growTo(200 + 128 * 40 + 70);
const stored = (epochs: number) => ({ stored: { chain: long.copy(200 + 128 * epochs) } });
const caughtUp = () => world.clock.untilTrue(() => world.chain.macroHead.hash === long.macroHead.hash);
/** Requests for each election block, at most and on average. */
function asked() {
  const counts = new Map<string, number>();
  for (const { body } of world.net.asked('block')) counts.set(body.hash, (counts.get(body.hash) ?? 0) + 1);
  return { most: Math.max(...counts.values()), mean: world.net.asked('block').length / counts.size };
}

describe('issue 11: silent peers', () => {
  it('that keep the blocks of a long catch-up back cost two seconds, not eight for each block', async () => {
    await begin(stored(1));
    world.net.join(...world.peers(2, long, { latency: 1, twists: { block: () => 'stall' } }, 'silent'), ...world.peers(3, long));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(6000);
    expect(world.net.lies).toEqual([]);
    expect(world.net.reports.filter(({ kind }) => kind === 'late')).toEqual([]);
    for (const silent of ['silent0', 'silent1']) expect(world.net.reports.filter(({ peer, kind }) => peer === silent && kind === 'overtaken')).toHaveLength(1);
    expect(world.net.reports.filter(({ peer, kind }) => kind === 'overtaken' && peer.startsWith('p'))).toEqual([]);
  });

  it('that answer a catch-up in turns, one block in time and one not, cost a few seconds in all', async () => {
    await begin(stored(1));
    let turn = 0;
    const block: Twist<'block'> = (_, honest) => ((turn += 1) % 2 === 0 ? 'stall' : honest());
    world.net.join(...world.peers(2, long, { latency: 1, twists: { block } }, 'alternating'), ...world.peers(3, long));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(10_000);
    expect(world.net.lies).toEqual([]);
  });

  it('that answer everything just before their time is over delay a catch-up by two seconds a round', async () => {
    await begin(stored(1));
    world.net.join(...world.peers(2, long, { latency: 7900 }, 'late'), ...world.peers(3, long));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(6000);
    expect(world.net.lies).toEqual([]);
  });

  it('that do not tell their macro chain delay a catch-up by two seconds', async () => {
    await begin(stored(38));
    world.net.join(...world.peers(4, long, { latency: 1, twists: { 'macro-chain': () => 'stall' } }, 'silent'), ...world.peers(3, long));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(5000);
  });

  it('do not keep the offer of a slow honest peer from being tried, though a liar offers made-up blocks at once', async () => {
    await begin(stored(38));
    const madeUp = Array.from({ length: 3 }, (_, at) => `${at}`.repeat(64));
    const liar = { latency: 1, twists: { 'macro-chain': () => ({ ok: true, value: { epochs: madeUp.slice(0, 2), checkpoint: undefined } }) as never, block: () => 'stall' as const } };
    world.net.join(...world.peers(2, long, liar, 'liar'), ...world.peers(3, long, { latency: 4000 }));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(90_000);
  });

  it('that contradict us and do not show the block do not hold up those that are ahead', async () => {
    await begin(stored(38));
    const other = long.fork(200 + 128 * 37, 9).growTo(long.head.height);
    const twists = { 'macro-chain': (() => ({ ok: true, value: { epochs: [other.at(200 + 128 * 39).hash, other.at(200 + 128 * 40).hash], checkpoint: undefined } })) as Twist<'macro-chain'>, block: (() => 'stall') as Twist<'block'> };
    world.net.join(...world.peers(4, long, { latency: 1, twists }, 'silent'), ...world.peers(2, long, { latency: 100 }));
    await caughtUp();
    expect(world.clock.monotonic()).toBeLessThan(20_000);
  });

  it('in the background proof cost two seconds, and the level comes', async () => {
    await begin({ prove: true });
    world.net.join(...world.peers(2, long, { latency: 1, twists: { block: ({ hash }, honest) => ((long.byHash(hash)?.height ?? 0) < long.electionHead.height ? 'stall' : honest()), 'macro-chain': ({ locators }, honest) => (locators[0] === long.at(200).hash ? 'stall' : honest()) } }, 'silent'), ...world.peers(3, long));
    await world.clock.untilTrue(() => world.chain.electionHead.height > 200 && trustLevel(world.sync.anchor) === 'proven');
    expect(world.clock.monotonic()).toBeLessThan(20_000);
    expect(world.net.lies).toEqual([]);
  });

  it('that announce a block and keep its parents back delay the head by two seconds', async () => {
    await begin();
    const chain = new FakeChain().growTo(250);
    const peers = world.peers(4, chain);
    const silent = new FakePeer('silent', chain, { latency: 1 });
    world.net.join(silent, ...peers);
    await world.established();
    await world.clock.untilTrue(() => world.chain.head.height === 250);
    silent.twists['missing-blocks'] = () => 'stall';
    chain.growTo(255);
    const before = world.clock.monotonic();
    await world.clock.until(world.net.announce(silent, chain.head));
    await world.clock.untilTrue(() => world.chain.head.height === 255);
    expect(world.clock.monotonic() - before).toBeLessThan(2500);
  });
});

describe('issue 11: a slow line', () => {
  it('of five seconds works, and each block of a long catch-up is asked of few peers', async () => {
    await begin(stored(1));
    world.net.join(...world.peers(5, long, { latency: 5000 }));
    await caughtUp();
    expect(world.net.lies).toEqual([]);
    expect(world.net.dropped).toEqual([]);
    expect(asked().most).toBeLessThanOrEqual(6);
    expect(asked().mean).toBeLessThan(1.5);
  });

  it('of five seconds stays in consensus, and heads are not asked for again and again', async () => {
    await begin();
    const chain = new FakeChain().growTo(250);
    world.net.join(...world.peers(5, chain, { latency: 5000 }));
    await world.established();
    await world.clock.untilTrue(() => world.chain.head.height === 250);
    world.net.requests.length = 0;
    for (let at = 0; at < 10; at += 1) {
      chain.growTo(chain.head.height + 1);
      await world.clock.advance(12_000);
    }
    expect(world.chain.head.height).toBeGreaterThanOrEqual(chain.head.height - 2);
    expect(world.net.asked('block').length).toBeLessThan(22);
    expect(world.net.asked('missing-blocks').length).toBeLessThan(22);
    expect(world.net.reports.filter(({ kind }) => kind === 'overtaken' || kind === 'timeout')).toEqual([]);
    expect(world.sync.consensus).toBe('established');
  });
});
