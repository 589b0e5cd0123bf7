import { afterEach, expect, it } from 'vitest';
import type { Anchor } from '../../src/engine/trust.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { FakePeer } from '../support/fake-net.ts';
import { SyncWorld } from '../support/sync-world.ts';

let world: SyncWorld;
afterEach(async () => {
  await world.end();
});

const forged = new FakeChain(9).growTo(2600);
/** Serves only its newest election block, because no honest validator signed the others. */
const liar = () => new FakePeer('liar', forged, { subnet: '9.9.9.0/24', twists: { 'macro-chain': () => ({ ok: true, value: { epochs: [], checkpoint: undefined } }) } });
const stored = (kind: Anchor['kind'], at = forged.electionHead): Anchor => ({
  kind,
  height: at.height,
  hash: at.hash,
  witnesses: kind === 'witnesses' ? [{ peer: 'liar', subnet: '9.9.9.0/24', saidAt: 1 }] : [],
  fewWitnesses: true,
  unchecked: true,
});
const networks = { addresses: (index: number) => `1.2.${index}.0/24`, names: (index: number) => `name:h${index}.test` };
const peersOf = (chain: FakeChain, network: (index: number) => string, count = 6) => Array.from({ length: count }, (_, index) => new FakePeer(`h${index}`, chain, { subnet: network(index) }));

for (const [what, network] of Object.entries(networks)) {
  it(`issue 11.4: the client leaves a lone liar's chain for a verified chain of all other peers (${what})`, async () => {
    world = await new SyncWorld({ prove: true }).start();
    world.net.join(liar());
    await world.clock.advance(7000);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 2504, fewWitnesses: true });
    world.net.leave('liar');
    const { hash } = world.chain.head;
    const chain = new FakeChain().growTo(600);
    const honest = peersOf(chain, network);
    world.net.join(...honest);
    // The client shows the old head, and says that no peer knows it, until the other chain is verified.
    await world.clock.advance(10_000);
    expect(world.chain.head.hash).toBe(hash);
    expect(world.sync.reason?.code).toBe('chain-unknown');
    await world.established();
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.notices).toContain('other-chain');
    expect(world.net.lies).toEqual([]);
    await world.live(chain, 620, honest);
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });
}

for (const kind of ['witnesses', 'genesis'] as const) {
  it(`issue 11.4: the client leaves a stored chain that no proof reaches (${kind})`, async () => {
    world = await new SyncWorld({ prove: true, stored: { chain: forged.copy(), anchor: stored(kind, kind === 'genesis' ? forged.at(200) : undefined) } }).start();
    const chain = new FakeChain().growTo(600);
    world.net.join(...peersOf(chain, networks.addresses));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.net.lies).toEqual([]);
  });
}

it('issue 11.4: the client does so also for a network in its first epoch, which has only checkpoints', async () => {
  world = await new SyncWorld({ prove: true, stored: { chain: forged.copy(), anchor: stored('witnesses') } }).start();
  const chain = new FakeChain().growTo(300);
  world.net.join(...peersOf(chain, networks.names, 4));
  await world.established();
  expect(world.chain.head.hash).toBe(chain.head.hash);
});

it('issue 11.4: the client keeps a chain that a live peer knows, even if all other peers have another', async () => {
  const chain = new FakeChain().growTo(1000);
  world = await new SyncWorld({ stored: { chain: chain.copy(), anchor: { ...stored('witnesses', chain.electionHead), unchecked: undefined } } }).start();
  const stale = peersOf(new FakeChain().growTo(400), networks.addresses);
  world.net.join(new FakePeer('friend', chain, { subnet: '7.7.7.0/24' }), ...stale);
  await world.clock.advance(600_000);
  expect(world.chain.head.hash).toBe(chain.head.hash);
  expect(world.sync.anchor.kind).toBe('witnesses');
  expect(world.abandoned).toEqual([]);
});

it('issue 11.4: the client keeps its chain when no peer answers', async () => {
  world = await new SyncWorld({ prove: true, stored: { chain: forged.copy(), anchor: stored('witnesses') } }).start();
  world.net.join(...Array.from({ length: 4 }, (_, index) => new FakePeer(`mute${index}`, new FakeChain().growTo(600), { subnet: networks.addresses(index), twists: { head: () => 'stall' } })));
  await world.clock.advance(600_000);
  expect(world.chain.head.hash).toBe(forged.head.hash);
  expect(world.abandoned).toEqual([]);
});
