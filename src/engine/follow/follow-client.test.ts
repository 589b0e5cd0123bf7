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
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('sync and live', () => {
  it('syncs, follows, and tells every block once, final or not', async () => {
    const world = setup(20, 18);
    world.start(SEEDS);
    await world.clock.untilTrue(() => world.client.getHead().latest.height === 18);
    await world.established();
    for (let i = 0; i < 5; i++) {
      world.produce(1, { final: world.items.length - 1 });
      await world.atHead();
    }
    expect(heights(world)).toEqual(upTo(1, 25));
    expect(world.client.getHead()).toMatchObject({ known: true, latest: { height: 25, finality: 'pending' }, final: { height: 23, finality: 'final' } });
    expect(world.client.getStatus()).toMatchObject({ phase: 'established', peers: { connected: 3, live: 3 }, storage: { kind: 'memory', bytes: 7 }, reason: undefined });
    expect(world.client.getPeers().map(({ state }) => state)).toEqual(['live', 'live', 'live']);
  });

  it('is established only when enough live peers claim nothing above our head', async () => {
    const world = setup(5);
    world.claims.set('/a', 1_000);
    world.claims.set('/b', 1_000);
    world.start(SEEDS);
    await world.clock.advance(5_000);
    expect(world.client.getStatus()).toMatchObject({ phase: 'live-sync', consensus: 'connecting', peers: { live: 1 } });
    world.claims.clear();
    world.produce(1, { final: 6 });
    await world.established();
    for (const seed of SEEDS) world.drop(seed);
    await world.clock.advance(10);
    expect(world.client.getStatus()).toMatchObject({ phase: 'connecting', consensus: 'lost' });
    await world.established();
    expect(world.told.log.map(({ code }) => code).filter((code) => code.startsWith('consensus'))).toEqual(['consensus-established', 'consensus-lost', 'consensus-established']);
  });

  it('a small gap is one request to the peer that announced, and no sync', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.requests.length = 0;
    world.produce(2, { announce: false });
    world.produce(1);
    await world.atHead();
    expect(world.requests).toEqual(['/a blocks 11 2']);
    expect(world.told.log.map(({ code }) => code)).not.toContain('sync-behind');
    expect(heights(world)).toEqual(upTo(1, 13));
  });

  it('a peer that announces and does not answer holds up the others once, and not for long', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.silent.add('/a');
    world.produce(2, { announce: false });
    world.produce(1);
    for (let i = 0; i < 20; i++) world.announce(worldItem(30 + i), ['/a']);
    await world.clock.advance(5_500);
    expect(world.client.getHead().latest.height).toBe(13);
    world.produce(1);
    await world.clock.advance(100);
    expect(world.client.getHead().latest.height).toBe(14);
    expect(world.requests.filter((request) => request.startsWith('/a blocks 11'))).toHaveLength(1);
  });

  it('leaves a branch that lost, although it is not told where the other one begins', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.announce(worldItem(11, { branch: 'b', parentBranch: 'a' }), ['/a']);
    await world.clock.advance(100);
    world.produce(1, { announce: false });
    world.produce(1, { final: 12 });
    await world.atHead();
    expect(heights(world).slice(10)).toEqual([11, -11, 11, 12]);
  });

  it('a claim of a peer that announces nothing is looked at, once', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.requests.length = 0;
    world.produce(2, { announce: false });
    world.final = 12;
    for (const { handlers, peer } of world.connected.values()) handlers.claims(peer.claims);
    await world.atHead();
    await world.clock.advance(10_000);
    expect(world.requests).toEqual(['/a blocks 11 2']);
  });

  it('too far behind a proven height: leaves live, syncs, returns; what is announced meanwhile is neither lost nor told twice', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.produce(40, { announce: false });
    world.final = 45;
    const announced = world.items.at(-1)!;
    world.announce(announced);
    await world.clock.untilTrue(() => world.client.getStatus().phase === 'catch-up');
    world.produce(1);
    world.produce(1);
    await world.atHead();
    await world.established();
    expect(heights(world)).toEqual(upTo(1, 52));
    const codes = world.told.log.map(({ code }) => code);
    expect(codes.filter((code) => code === 'sync-behind')).toHaveLength(1);
    expect(codes.filter((code) => code === 'sync-caught-up')).toHaveLength(2);
  });

  it('does not leave live for a height that is only claimed', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.announce(worldItem(1_000), ['/b']);
    world.claims.set('/c', 5_000);
    world.connected.get('/c')!.handlers.claims({ height: 5_000, earliest: 0, snapshot: undefined });
    await world.clock.advance(10_000);
    expect(world.told.log.map(({ code }) => code)).not.toContain('sync-behind');
    expect(world.requests.filter((request) => request.startsWith('/b prove 11'))).toHaveLength(1);
    world.produce(1);
    await world.atHead();
  });

  it('peers that were all too slow once do not leave the head behind', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    for (const seed of SEEDS) world.silent.add(seed);
    world.produce(3, { announce: false, final: 13 });
    await world.clock.advance(40_000);
    expect(world.client.getHead().latest.height).toBe(10);
    world.silent.clear();
    await world.atHead();
  });

  it('a branch that replaces another one: reverted once, adopted once', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.announce(worldItem(11, { branch: 'b', parentBranch: 'a' }), ['/a']);
    await world.clock.advance(100);
    world.produce(2);
    await world.atHead();
    expect(heights(world).slice(10)).toEqual([11, -11, 11, 12]);
  });
});

describe('peers', () => {
  it('how they stand is told again when only our head has moved', async () => {
    const world = setup(100);
    world.claims.set('/b', 10);
    world.start(SEEDS);
    await world.clock.untilTrue(() => world.told.peers.length > 0);
    expect(world.client.getHead().latest.height).toBeLessThan(100);
    await world.established();
    await world.clock.advance(1_000);
    expect(world.client.getPeers().map(({ state }) => state)).toEqual(['live', 'behind', 'live']);
    expect(world.told.peers.at(-1)).toEqual(world.client.getPeers());
  });

  it('a block that had waited is told, also if the block after it is bad or leaves a gap', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    for (const [late, next, from] of [[11, worldItem(12, { valid: false }), '/a'], [12, worldItem(14), '/b']] as const) {
      world.chain.late = worldItem(late);
      world.announce(next, [from]);
      await world.clock.advance(1_000);
      expect(heights(world).at(-1)).toBe(late);
    }
  });

  it('bans a peer that lies: at once, with notice and evidence; its address is not dialled again', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.announce(worldItem(11, { valid: false }), ['/b']);
    await world.clock.untilTrue(() => world.told.notice.length > 0);
    expect(world.told.notice[0]).toMatchObject({ code: 'peer-banned', data: { peer: 'id-/b', reason: 'bad-block', height: 11 } });
    const dials = world.dials.filter(({ address }) => address === '/b').length;
    world.produce(3);
    await world.atHead();
    await world.clock.advance(120_000);
    expect(world.dials.filter(({ address }) => address === '/b')).toHaveLength(dials);
    expect(world.client.getPeers()).toContainEqual(expect.objectContaining({ id: 'id-/b', state: 'banned', reason: { code: 'bad-block', data: { height: 11 } } }));
    expect(world.client.getStatus().consensus).toBe('established');
  });

  it('bans a peer that lies to the sync', async () => {
    const world = setup(200);
    world.change = (address, items) => (address === '/a' ? items.map((item) => ({ ...item, block: { ...item.block, valid: false } })) : items);
    world.start(SEEDS);
    await world.established();
    expect(world.client.getHead().final.height).toBe(200);
    expect(world.client.getPeers().filter(({ state }) => state === 'banned').map(({ id }) => id)).toEqual(['id-/a']);
    expect(heights(world)).toEqual(upTo(1, 200));
  });

  it('three offences ban, also over several connections', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    for (let i = 1; i <= 3; i++) {
      expect(world.client.getPeers().some(({ state }) => state === 'banned')).toBe(false);
      world.connected.get('/c')!.handlers.fault({ code: 'unknown-kind', weight: 'offence' });
      world.drop('/c');
      if (i < 3) await world.clock.untilTrue(() => world.connected.has('/c'));
    }
    expect(world.told.log.filter(({ code }) => code === 'peer-offence').map(({ data }) => data['count'])).toEqual([1, 2, 3]);
    expect(world.client.getPeers().filter(({ state }) => state === 'banned')).toMatchObject([{ id: 'id-/c', reason: { code: 'unknown-kind', data: { offences: 3 } } }]);
  });

  it('dials again after 1, 2, 4 … 30 s, with jitter, and says why it is alone', async () => {
    const world = setup(1);
    world.down.add('/a');
    world.start(['/a', '/bad']);
    await world.clock.advance(180_000);
    const waits = world.dials.map(({ at }, index) => at - (world.dials[index - 1]?.at ?? 0) - 20).slice(1);
    expect(waits.slice(0, 7)).toEqual([750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]);
    expect(world.client.getStatus()).toMatchObject({ phase: 'connecting', reason: { code: 'no-peers' } });
    expect(world.told.log.filter(({ code }) => code === 'seed-unusable')).toMatchObject([{ data: { address: '/bad', reason: 'not-a-socket-address' } }]);
    world.down.clear();
    await world.clock.untilTrue(() => world.client.getHead().latest.height === 1);
  });

  it('keeps no peer while no page can look, and comes back', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.client.setAttention({ mode: 'none', online: true, saveData: false });
    await world.clock.advance(60_000);
    expect(world.connected.size).toBe(0);
    expect(world.store.flushed).toBe(1);
    expect(world.client.getStatus().reason?.code).toBe('asleep');
    world.client.setAttention({ mode: 'low', online: true, saveData: false });
    await world.established();
    expect(world.client.getStatus().peers).toMatchObject({ wanted: 2, connected: 2 });
    world.client.setAttention({ mode: 'full', online: true, saveData: false });
    await world.clock.untilTrue(() => world.connected.size === 3);
    expect(world.attention).toEqual(['none, 3 connected', 'low, 0 connected', 'full, 2 connected']);
  });
});

describe('standing still', () => {
  it('two final blocks that exclude each other: nothing is taken any more, the proofs are kept; a wipe ends it', async () => {
    const world = setup(10);
    world.start(SEEDS);
    await world.established();
    world.announce(worldItem(10, { branch: 'b', parentBranch: 'a' }), ['/a']);
    await world.clock.untilTrue(() => world.client.getStatus().phase === 'failed');
    expect(world.client.getStatus().reason).toEqual({ code: 'chain-halted', data: { height: 10 } });
    expect(world.told.notice.map(({ code }) => code)).toEqual(['chain-halted']);
    expect(await world.client.ask('getHaltEvidence', [])).toEqual({ height: 10, evidence: [Uint8Array.of(1), Uint8Array.of(2)] });
    world.produce(2);
    await world.clock.advance(5_000);
    expect(world.client.getHead().latest.height).toBe(10);
    await expect(world.client.ask('startSync', [])).rejects.toMatchObject({ code: 'halted' });
    await world.client.wipe();
    await world.established();
    expect(await world.client.ask('getHaltEvidence', [])).toBeUndefined();
  });

  it('after a wipe a proof from before it does not halt the client again', async () => {
    const world = setup(10);
    for (const address of SEEDS) world.proves.set(address, worldItem(10, { branch: 'b' }).id);
    world.start(SEEDS);
    await world.established();
    world.proves.clear();
    await world.client.wipe();
    await world.clock.advance(5_000);
    expect([world.client.getStatus().phase, await world.client.ask('getHaltEvidence', [])]).toEqual(['established', undefined]);
  });

  it('a chain that learned it beside the blocks is asked with each announcement, also of a known block, and also during a sync', async () => {
    const evidence = [Uint8Array.of(1), Uint8Array.of(2)] as const;
    const live = setup(10);
    live.start(SEEDS);
    await live.established();
    live.halt = { height: 10, reason: 'no-participation', evidence };
    await live.clock.advance(5_000);
    expect(live.client.getStatus().phase).toBe('established');
    live.announce(live.items.at(-1)!, ['/a']);
    await live.clock.advance(100);
    expect(live.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'no-participation', data: { height: 10 } } });

    const syncing = setup(10);
    for (const address of SEEDS) syncing.silent.add(address);
    syncing.start(SEEDS);
    await syncing.clock.advance(3_000);
    expect(syncing.client.getStatus().phase).toBe('catch-up');
    syncing.halt = { height: 0, evidence };
    syncing.announce(syncing.items[0]!, ['/a']);
    await syncing.clock.advance(100);
    expect(syncing.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted' } });
    expect(await syncing.client.ask('getSyncStatus', [])).toMatchObject({ phase: 'idle' });
  });

  it('stands still from the start if the chain says so', async () => {
    const world = setup(10);
    world.halt = { height: 3, evidence: [Uint8Array.of(1), Uint8Array.of(2)] };
    world.start(SEEDS);
    await world.clock.advance(1_000);
    expect(world.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted', data: { height: 3 } } });
    expect(world.dials).toEqual([]);
  });
});

describe('a head that stands still', () => {
  it('is stale after some block times; the peers are asked for something newer, and what they have is taken', async () => {
    const world = setup(10);
    world.start(SEEDS, { blockTime: 1_000 });
    await world.established();
    await world.clock.advance(76_000);
    expect(world.client.getStatus()).toMatchObject({ phase: 'stale', reason: { code: 'head-stale' } });
    expect(world.told.log.map(({ code }) => code)).toContain('head-stale');
    world.produce(3, { announce: false });
    world.final = 13;
    await world.clock.untilTrue(() => world.client.getHead().latest.height === 13, 70_000);
    await world.established();
    expect(world.client.getStatus().phase).toBe('established');
  });

  it('after a sleep of the machine the peers are asked at once', async () => {
    const world = setup(10);
    world.down.add('/c');
    let slept = 0;
    const { clock } = world;
    world.start(SEEDS, { clock: { now: () => clock.now() + slept, monotonic: () => clock.monotonic(), after: (ms, callback) => clock.after(ms, callback) } });
    await world.established();
    await world.clock.advance(40_000);
    world.requests.length = 0;
    world.down.clear();
    slept = 3_600_000;
    await world.clock.advance(6_000);
    expect(world.told.log.filter(({ code }) => code === 'woke-up')).toHaveLength(1);
    expect(world.requests.length).toBeGreaterThan(0);
    expect(world.connected.has('/c')).toBe(true);
  });
});
