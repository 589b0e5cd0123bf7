import { afterEach, describe, expect, it } from 'vitest';
import { FollowedWorld, worldItem } from '../../../test/support/followed-world.ts';

const SEEDS = ['/dns4/a', '/dns4/b', '/dns4/c'];
const worlds: FollowedWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.client.close();
});

/** A client with these rows of an earlier one, which was closed. */
function setup({ before, blocks = 10 }: { readonly before?: FollowedWorld; readonly blocks?: number } = {}) {
  const world = new FollowedWorld();
  worlds.push(world);
  world.produce(blocks, { announce: false, final: blocks });
  if (before) world.known = structuredClone(before.known);
  return world;
}

const dialled = ({ dials }: FollowedWorld) => [...new Set(dials.map(({ address }) => address))];
const banned = ({ client }: FollowedWorld) => client.getPeers().filter(({ state }) => state === 'banned');

async function withLiar(): Promise<FollowedWorld> {
  const world = setup();
  world.start(SEEDS);
  await world.established();
  world.announce(worldItem(11, { valid: false }), ['/dns4/b']);
  await world.clock.untilTrue(() => banned(world).length > 0);
  return world;
}

describe('over a restart', () => {
  it('a liar stays banned for its term: not dialled, and shown with its reason and the end of the term', async () => {
    const first = await withLiar();
    const { bannedUntil } = banned(first)[0]!;
    expect(bannedUntil! - first.clock.now()).toBeGreaterThan(3_590_000);
    await first.client.close();
    const world = setup({ before: first });
    world.start(SEEDS);
    await world.clock.advance(10_000);
    expect(dialled(world)).toEqual(['/dns4/a', '/dns4/c']);
    expect(banned(world)).toMatchObject([{ id: 'id-/dns4/b', address: '/dns4/b', reason: { code: 'bad-block', data: { height: 11 } } }]);
    expect(world.client.getStatus().consensus).toBe('established');
    await world.clock.advance(3_600_000);
    expect(banned(world)).toEqual([]);
    expect([dialled(world).includes('/dns4/b'), world.known.bans]).toEqual([true, []]);
    world.announce(worldItem(11, { valid: false }), ['/dns4/b']);
    await world.clock.untilTrue(() => banned(world).length > 0);
    // The second ban is twice as long.
    expect(banned(world)[0]!.bannedUntil! - world.clock.now()).toBeGreaterThan(7_190_000);
  });

  it('peers that served well are dialled first, and a liar is not among them', async () => {
    const first = setup({ blocks: 40 });
    first.start(['/dns4/x', ...SEEDS]);
    await first.established();
    first.announce(worldItem(41, { valid: false }), ['/dns4/x']);
    await first.clock.advance(200_000);
    expect(first.known.peers.map(({ address }) => address)).toEqual(expect.arrayContaining(SEEDS));
    expect(first.known.peers.map(({ address }) => address)).not.toContain('/dns4/x');
    await first.client.close();
    const world = setup({ before: first });
    world.start(['/dns4/new', '/dns4/c']);
    await world.clock.advance(1_000);
    expect(dialled(world).slice(0, 3).toSorted()).toEqual(SEEDS);
  });

  it('a peer that a page removed is not remembered', async () => {
    const world = setup({ blocks: 40 });
    world.start(SEEDS);
    await world.established();
    await world.clock.advance(130_000);
    expect(world.known.peers).toHaveLength(3);
    expect(await world.client.ask('removeSyncPeer', ['/dns4/a'])).toBe(true);
    expect(await world.client.ask('removeSyncPeer', ['id-/dns4/b'])).toBe(true);
    expect(world.known.peers.map(({ address }) => address)).toEqual(['/dns4/c']);
  });

  it('a wipe forgets both, and dials the liar again', async () => {
    const world = await withLiar();
    const before = dialled(world).length;
    await world.client.wipe();
    expect([world.known, banned(world)]).toEqual([{ bans: [], peers: [] }, []]);
    world.dials.length = 0;
    await world.clock.advance(40_000);
    expect([before, dialled(world)]).toEqual([3, ['/dns4/b']]);
  });
});

it('a page that looks away and comes back, again and again, does not wait for its peers longer each time', async () => {
  const world = setup();
  world.start(SEEDS);
  await world.established();
  for (let i = 0; i < 8; i++) {
    world.client.setAttention({ mode: 'none', online: true, saveData: false });
    await world.clock.advance(100);
    world.client.setAttention({ mode: 'full', online: true, saveData: false });
    await world.clock.advance(500);
    expect([i, world.connected.size]).toEqual([i, 3]);
  }
});

describe('one address with two ids', () => {
  it('the one that came is closed when the lie is found later', async () => {
    const world = setup();
    world.start(SEEDS);
    await world.established();
    const old = world.connected.get('/dns4/b')!;
    world.ids.set('/dns4/b', 'other');
    old.peer.close();
    await world.clock.untilTrue(() => world.client.getPeers().some(({ id, state }) => id === 'other' && state === 'live'));
    // As the protocol's own check finds it, after the connection has ended.
    old.handlers.fault({ code: 'forged', weight: 'lie' });
    await world.clock.advance(60_000);
    expect(banned(world).map(({ id }) => id)).toEqual(['id-/dns4/b']);
    expect(world.connected.has('/dns4/b')).toBe(false);
    expect(world.client.getStatus().peers.connected).toBe(2);
  });
});

describe('a store that works again', () => {
  const ban = (address: string, changes = {}) => ({ peer: `id-${address}`, address, code: 'forged', evidence: {}, at: 0, until: 9e12, lies: 1, ...changes });

  it('has bans of its own: they count from then on, and the next ban does not take their place', async () => {
    const world = setup();
    world.start(SEEDS);
    await world.established();
    world.kind = 'indexeddb';
    world.known = { bans: [ban('/dns4/a'), ban('/dns4/x')], peers: [{ peer: 'id-/dns4/good', address: '/dns4/good', network: 'good', at: world.clock.now() }] };
    world.client.storeChanged();
    expect(banned(world).map(({ address }) => address)).toEqual(['/dns4/a', '/dns4/x']);
    await world.clock.advance(60_000);
    expect([...world.connected.keys()].toSorted()).toEqual(['/dns4/b', '/dns4/c', '/dns4/good']);
    world.announce(worldItem(11, { valid: false }), ['/dns4/b']);
    await world.clock.untilTrue(() => banned(world).length === 3);
    expect(world.known.bans.map(({ address }) => address).toSorted()).toEqual(['/dns4/a', '/dns4/b', '/dns4/x']);
    await world.clock.advance(200_000);
    expect(world.known.peers.map(({ address }) => address)).toContain('/dns4/good');
  });

  it('has a halt of its own: the client stands still', async () => {
    const world = setup();
    world.start(SEEDS);
    await world.established();
    world.halt = { height: 4, evidence: [Uint8Array.of(1), Uint8Array.of(2)] };
    world.kind = 'indexeddb';
    world.client.storeChanged();
    await world.clock.advance(10);
    expect(world.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted', data: { height: 4 } } });
  });

  it('has a halt of its own while the client syncs: the sync ends, and a wipe is not kept waiting by it', async () => {
    const world = setup();
    for (const seed of SEEDS) world.silent.add(seed);
    world.start(SEEDS);
    await world.clock.untilTrue(() => world.connected.size === 3);
    world.halt = { height: 4, evidence: [Uint8Array.of(1), Uint8Array.of(2)] };
    world.kind = 'indexeddb';
    world.client.storeChanged();
    await world.clock.advance(10);
    expect(world.client.getStatus().phase).toBe('failed');
    let wiped = false;
    void world.client.wipe().then(() => (wiped = true));
    await world.clock.advance(10);
    expect(wiped).toBe(true);
  });

  it('with a ban of a clock that was ahead: it ends after its own term, however often the client is started', async () => {
    const first = setup();
    const year = 365 * 86_400_000;
    first.known = { bans: [ban('/dns4/a', { at: first.clock.now() + year, until: first.clock.now() + year + 3_600_000 })], peers: [] };
    first.start(SEEDS);
    expect(first.known.bans[0]!.until - first.clock.now()).toBe(3_600_000);
    await first.clock.advance(3_600_000);
    expect([banned(first), first.known.bans]).toEqual([[], []]);
  });
});

it('a wipe asks peers again that the sync had left alone', async () => {
  const world = setup();
  for (const seed of SEEDS) world.claims.set(seed, 5_000);
  world.start(SEEDS);
  await world.clock.untilTrue(() => world.chain.final === 10, 60_000);
  for (let i = 0; i < 4; i++) {
    void world.client.ask('startSync', []).catch(() => undefined);
    await world.clock.advance(20_000);
  }
  expect(await world.client.ask('getSyncPeers', [])).toMatchObject([{ health: 'banned' }, { health: 'banned' }, { health: 'banned' }]);
  await world.client.wipe();
  expect(world.chain.final).toBe(0);
  await world.clock.advance(30_000);
  expect(world.chain.final).toBe(10);
});

describe('a peer that claims heights and never proves them', () => {
  it('is shown with that reason, and left alone for a term', async () => {
    const world = setup();
    world.claims.set('/dns4/c', 5_000);
    world.start(SEEDS);
    await world.clock.advance(10_000);
    expect(world.client.getPeers().find(({ id }) => id === 'id-/dns4/c')).toMatchObject({ state: 'ahead', reason: { code: 'claim-not-proven', data: { claimed: 5_000, proven: 10 } } });
    await world.clock.advance(360_000);
    expect(banned(world)).toMatchObject([{ id: 'id-/dns4/c', reason: { code: 'claim-not-proven', data: { claimed: 5_000, proven: 10 } } }]);
    expect(world.known.bans).toMatchObject([{ address: '/dns4/c', code: 'claim-not-proven' }]);
    world.claims.clear();
    await world.clock.advance(660_000);
    expect(banned(world)).toEqual([]);
    await world.clock.untilTrue(() => world.client.getStatus().peers.live === 3, 120_000);
  });

  it('is not blamed for a claim that it proves later, or that our head reaches', async () => {
    const world = setup();
    world.start(SEEDS);
    await world.established();
    world.claims.set('/dns4/c', 11);
    world.connected.get('/dns4/c')!.handlers.claims({ height: 11, earliest: 0, snapshot: undefined });
    await world.clock.advance(240_000);
    expect(world.client.getPeers().find(({ id }) => id === 'id-/dns4/c')?.reason?.code).toBe('claim-not-proven');
    world.produce(1);
    await world.atHead();
    await world.clock.advance(400_000);
    expect(world.client.getPeers().map(({ reason, state }) => [reason, state])).toEqual([[undefined, 'live'], [undefined, 'live'], [undefined, 'live']]);
  });
});

describe('a node that breaks a rule before the connection is there', () => {
  it('counts by its address: a lie bans it, and so does the third offence; it is dialled again when the term is over', async () => {
    const world = setup();
    world.breaks.set('/dns4/b', 'lie').set('/dns4/c', 'offence');
    world.start(SEEDS);
    await world.clock.advance(200);
    expect(banned(world)).toMatchObject([{ id: '/dns4/b', address: '/dns4/b', reason: { code: 'bad-hello', data: { height: 5 } } }]);
    await world.clock.advance(20_000);
    expect(banned(world).map(({ address }) => address)).toEqual(['/dns4/b', '/dns4/c']);
    expect(world.dials.map(({ address }) => address).toSorted()).toEqual(['/dns4/a', '/dns4/b', '/dns4/c', '/dns4/c', '/dns4/c']);
    expect(world.told.notice.filter(({ code }) => code === 'peer-banned')).toHaveLength(2);
    expect(world.known.bans.map(({ address }) => address)).toEqual(['/dns4/b', '/dns4/c']);
    world.breaks.clear();
    await world.clock.advance(610_000);
    expect(world.connected.has('/dns4/c')).toBe(true);
    await world.clock.advance(3_000_000);
    expect([world.connected.has('/dns4/b'), banned(world)]).toEqual([true, []]);
  });

  it('alone, it is the reason of the status', async () => {
    const world = setup();
    world.breaks.set('/dns4/b', 'lie');
    world.start(['/dns4/b']);
    await world.clock.advance(30_000);
    expect(world.client.getStatus()).toMatchObject({ phase: 'connecting', reason: { code: 'peers-banned' } });
  });
});

it.each([[undefined, 'wiped', undefined], ['marked', 'wiped-later', 'true'], ['later', 'wiped-later', 'false']] as const)('a wipe says whether the database was reached: %s', async (owed, code, marked) => {
  const world = setup();
  world.wipeOwed = owed;
  world.start(SEEDS);
  await world.established();
  await world.client.wipe();
  expect(world.told.notice.at(-1)).toMatchObject({ code });
  expect(world.told.notice.at(-1)?.data?.['marked']).toBe(marked);
});
