import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../../test/support/sync-world.ts';
import type { Anchor } from '../../../../engine/trust.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';

let world: SyncWorld;
/** The lowest head that the client has had since the start. */
let lowest: number;
const begin = async (options: WorldOptions) => {
  world = new SyncWorld(options);
  await world.start();
  lowest = world.chain.head.height;
  world.chain.events.on('change', () => (lowest = Math.min(lowest, world.chain.head.height)));
  return world;
};
afterEach(async () => {
  await world.end();
});

const anchorOf = (chain: FakeChain, kind: Anchor['kind'] | 'unchecked', height: number): Anchor | undefined => {
  if (kind === 'genesis') return undefined;
  const { hash } = chain.at(kind === 'unchecked' ? 200 : height);
  if (kind === 'unchecked') return { kind: 'genesis', height: 200, hash, witnesses: [], fewWitnesses: false, unchecked: true };
  return { kind, height, hash, fewWitnesses: false, witnesses: kind === 'pinned' ? [] : ['x0', 'x1', 'x2'].map((peer) => ({ peer, subnet: peer, saidAt: 1 })) };
};

/** A chain as a forger without keys makes it. */
function forgery(height: number): FakeChain {
  const chain = new FakeChain(9).growTo(height);
  return new FakeChain(9, Array.from({ length: height - 199 }, (_, index) => (index > 0 ? withBadSignature(chain.at(200 + index)) : chain.at(200))));
}

describe('issue 11.4: a verified chain stays until a better verified one is there', () => {
  describe.each(['genesis', 'pinned', 'witnesses', 'unchecked'] as const)('a chain on %s', (kind) => {
    it.each([
      ['further', 620],
      ['as far', 500],
      ['of the first epoch', 300],
    ])('is kept when one liar has a head that is %s and the honest peers are silent', async (_, height) => {
      const chain = new FakeChain().growTo(500);
      const anchor = anchorOf(chain, kind, 328);
      let silent = true;
      await begin({ stored: { chain: chain.copy(), ...(anchor && { anchor }) }, ...(kind === 'pinned' && { network: { ...unitAlbatross, pinnedElection: { hash: chain.at(328).hash } } }) });
      const honest = world.peers(3, chain, { twists: { head: (_request, answer) => (silent ? 'stall' : answer()) } });
      world.net.join(new FakePeer('liar', forgery(height)), ...honest);
      await world.clock.advance(20_000);
      expect(world.chain.head.hash).toBe(chain.head.hash);
      silent = false;
      for (const { id } of honest) world.net.leave(id);
      world.net.join(...honest);
      await world.established();
      await world.live(chain, 520, honest);
      expect(world.chain.head.hash).toBe(chain.head.hash);
      expect(lowest).toBe(500);
      expect(world.abandoned).toEqual([]);
      expect(world.notices).not.toContain('other-chain');
      expect(world.net.lies.filter((lie) => !lie.startsWith('liar '))).toEqual([]);
    });
  });

  it('a running client does not give it up either, when the honest peers leave', async () => {
    const chain = new FakeChain().growTo(340);
    await begin({ prove: true });
    const honest = world.peers(4, chain);
    world.net.join(...honest);
    await world.clock.untilTrue(() => world.sync.consensus === 'established' && world.sync.anchor.kind === 'genesis');
    for (const { id } of honest) world.net.leave(id);
    world.net.join(new FakePeer('liar', forgery(500)));
    await world.clock.advance(30_000);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.abandoned).toEqual([]);
  });

  it('only reports that no peer knows the chain while their chain is not longer; then takes that in one step', async () => {
    const old = new FakeChain(1).growTo(400);
    const chain = new FakeChain(2).growTo(340);
    await begin({ stored: { chain: old } });
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.clock.untilTrue(() => world.phases.includes('waiting:chain-unknown'));
    await world.clock.advance(200_000);
    expect(world.sync.phase).toBe('waiting');
    expect(world.chain.head.hash).toBe(old.head.hash);
    expect(world.net.lies).toEqual([]);
    chain.growTo(430);
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(lowest).toBe(400);
    expect(world.notices).toContain('other-chain');
    expect(world.abandoned).toHaveLength(1);
    expect(world.net.lies).toEqual([]);
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.chain.checked.electionBlocks).toBe(1);
  });

  it("a longer chain is not taken while a peer knows the client's, and peers that contradict it are liars", async () => {
    const old = new FakeChain(1).growTo(400);
    const chain = new FakeChain(2).growTo(640);
    await begin({ stored: { chain: old } });
    world.net.join(...world.peers(1, old), ...world.peers(3, chain, {}, 'q'));
    await world.clock.advance(60_000);
    expect(world.chain.head.hash).toBe(old.head.hash);
    expect(world.net.lies.every((lie) => lie.startsWith('q'))).toBe(true);
    expect(new Set(world.net.lies.map((lie) => lie.split(' ')[0])).size).toBe(3);
  });

  it('a fork in the running epoch is verified from the election head that both chains have', async () => {
    const old = new FakeChain(1).growTo(400);
    const chain = old.fork(330, 2).growTo(400);
    await begin({ stored: { chain: old } });
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.clock.advance(30_000);
    expect(world.chain.head.hash).toBe(old.head.hash);
    expect(world.net.asked('macro-chain').every(({ body }) => body.locators[0] !== old.at(200).hash)).toBe(true);
    chain.growTo(470);
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.notices).toContain('other-chain');
    expect(world.chain.checked.electionBlocks).toBe(1);
    expect(lowest).toBe(400);
  });

  it('issue 12: says when nobody contradicts the chain any more', async () => {
    const ours = new FakeChain(1).growTo(400);
    await begin({ stored: { chain: ours } });
    const others = world.peers(4, ours.fork(330, 2).growTo(400), {}, 'q');
    world.net.join(...others);
    await world.clock.untilTrue(() => world.notices.includes('chain-contradicted'));
    world.net.join(...world.peers(3, ours));
    for (const { id } of others) world.net.leave(id);
    await world.established();
    await world.clock.advance(200_000);
    expect(world.notices.filter((code) => code === 'chain-contradicted' || code === 'contradiction-over')).toEqual(['chain-contradicted', 'contradiction-over']);
  });

  it('a stored chain proves no lie: when it is contradicted, it is verified or given up', async () => {
    const chain = new FakeChain().growTo(500);
    const forged = new FakeChain(9).growTo(500);
    await begin({ stored: { chain: forged, anchor: anchorOf(forged, 'unchecked', 328)! } });
    world.net.join(...world.peers(1, forged, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'w'), ...world.peers(3, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.net.lies.filter((lie) => !lie.startsWith('w'))).toEqual([]);
    expect(world.sync.anchor).toMatchObject({ kind: 'genesis' });
    expect(world.sync.anchor.unchecked).toBeUndefined();
    expect(lowest).toBeGreaterThan(200);
  });

  it('a peer that a stored record names is not banned for it', async () => {
    const chain = new FakeChain().growTo(500);
    const forged = new FakeChain(9).growTo(500);
    const anchor = { ...anchorOf(forged, 'witnesses', 456)!, witnesses: ['p0', 'p1', 'p2'].map((peer) => ({ peer, subnet: peer, saidAt: 1 })) };
    await begin({ prove: true, stored: { chain: forged, anchor } });
    world.net.join(...world.peers(4, chain));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.notices).toContain('other-chain');
    expect(world.net.lies).toEqual([]);
    expect(lowest).toBeGreaterThan(200);
  });
});
