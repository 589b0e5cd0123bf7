import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withBadSignature } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../../test/support/sync-world.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import type { ZkpResponse } from '../../wire/requests.ts';
import type { MacroBlock } from '../../wire/types.ts';

let world: SyncWorld;
afterEach(() => world.end());

/** Height of the election block that ends the epoch. */
const electionOf = (epoch: number) => 200 + 128 * epoch;
const longChain = () => new FakeChain().growTo(electionOf(10) + 10);
const begin = async (options: WorldOptions = {}) => (world = await new SyncWorld({ prove: true, ...options }).start());
const proven = () => world.sync.anchor.kind === 'genesis' && world.chain.head.height > 200;

/** A rule of the background proof that differs from the network's while `differs`. The rules for new blocks are right. */
function ownRule(): { differs: boolean; readonly verify: Verify } {
  const rule = { differs: true };
  return Object.assign(rule, {
    verify: ((job, options) => (rule.differs && job.kind === 'justifications' ? Promise.resolve({ valid: false, failure: 'multi-signature', at: 0, decoded: [] }) : fakeVerify(job, options))) as Verify,
  });
}

/** Peers that give bad copies of the election blocks of the past. */
function forgers(count: number, chain: FakeChain, options: FakePeerOptions = {}): FakePeer[] {
  const block: NonNullable<FakePeerOptions['twists']>['block'] = ({ hash }, honest) => {
    const height = chain.byHash(hash)?.height ?? 0;
    return height > 200 && height <= electionOf(8) ? { ok: true, value: withBadSignature(chain.at(height)).block } : honest();
  };
  return world.peers(count, chain, { ...options, twists: { block } }, 'liar');
}

describe('a rule of the background proof that differs from that of all peers', () => {
  it.each([
    ['six addresses', Array.from({ length: 6 }, (_, n) => `203.0.${n}`)],
    ['two operators and names', ['operator:a', 'operator:b', 'name:a', 'name:b', 'name:c', 'name:d']],
  ])('%s: nobody stays banned, the page is told, and the head goes on', async (_, subnets) => {
    const rule = ownRule();
    const chain = longChain();
    await begin({ verify: rule.verify, settings: { witnesses: 1, longestDoubtPause: 60_000 } });
    const peers = subnets.map((subnet, n) => new FakePeer(`honest${n}`, chain, { subnet }));
    world.net.join(...peers);
    await world.established();
    await world.live(chain, chain.head.height + 40, peers);
    expect(world.net.banned).toEqual([]);
    expect(world.notices.filter((code) => code === 'past-in-doubt')).toHaveLength(1);
    expect(world.notices).not.toContain('client-in-doubt');
    expect(Object.values(world.states())).toEqual(subnets.map(() => 'live'));
    await world.live(chain, chain.head.height + 10, peers);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.sync.phase).toBe('established');
    // They are asked again after a minute, and the doubt meets them then.
    const { length } = world.net.lies;
    await world.clock.advance(200_000);
    expect(world.net.lies).toHaveLength(length);
    rule.differs = false;
    await world.clock.untilTrue(proven, 200_000);
    expect(world.net.banned).toEqual([]);
  });

  it.each<[what: string, of: (chain: FakeChain) => { readonly options?: WorldOptions; readonly twists: NonNullable<FakePeerOptions['twists']> }]>([
    ['offers of the past', (chain) => ({ twists: { 'macro-chain': ({ locators }, honest) => (locators.at(-1) === chain.at(200).hash ? { fail: 'malformed' } : honest()) } })],
    ['the pinned block', (chain) => {
      const { hash } = chain.at(electionOf(3));
      return { options: { network: { pinnedElection: { hash } } }, twists: { block: (body, honest) => (body.hash === hash ? { fail: 'malformed' } : honest()) } };
    }],
  ])('where the client cannot read %s, no peer is kept aside, and the head goes on', async (_, of) => {
    const chain = longChain();
    const { options, twists } = of(chain);
    await begin(options);
    const peers = world.peers(6, chain, { twists }, 'honest');
    world.net.join(...peers);
    await world.clock.untilTrue(() => world.notices.some((code) => code.endsWith('in-doubt')));
    await world.live(chain, chain.head.height + 10, peers);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.notices).toEqual(['past-in-doubt']);
    expect(world.net.banned).toEqual([]);
  });

  it('applies when the client is restarted after each peer that is caught, and does not mix the ways', async () => {
    const lie = (past: string) => ({ kind: 'lie', code: 'malformed', evidence: { request: 'zkp' }, past }) as const;
    let before: SyncWorld['net'] | undefined;
    const banned: string[][] = [];
    for (const [peer, past] of [['a', 'zk-proof'], ['b', 'election-chain'], ['c', 'zk-proof'], ['d', 'zk-proof']] as const) {
      await begin({ before });
      world.net.join(...world.peers(4, longChain()), new FakePeer(peer, longChain()));
      world.sync.report(peer, lie(past));
      banned.push(world.net.banned);
      before = world.net;
      await world.end();
    }
    expect(banned).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c'], ['b']]);
  });

  it('where zero-knowledge proofs cannot be read, the election chain is verified instead', async () => {
    const chain = longChain();
    await begin();
    world.net.join(...world.peers(6, chain, { twists: { zkp: () => ({ fail: 'malformed' }) } }));
    await world.clock.untilTrue(proven);
    expect(world.net.banned).toEqual([]);
    expect(world.sync.phase).toBe('established');
  });
});

describe('blocks of the past that the client cannot read from any node', () => {
  const unreadable = (chain: FakeChain, rule: { readonly differs: boolean }): FakePeerOptions => ({
    twists: { block: ({ hash }, honest) => (rule.differs && (chain.byHash(hash)?.height ?? 0) <= electionOf(8) ? { fail: 'malformed' } : honest()) },
  });

  it('no node is banned when a Petrel client gives them', async () => {
    const chain = longChain();
    await begin();
    world.net.join(...world.peers(5, chain, unreadable(chain, { differs: true }), 'honest'), ...world.peers(1, chain, { witness: false }, 'petrel'));
    await world.clock.untilTrue(proven);
    await world.clock.advance(1000);
    expect(world.notices).toContain('past-in-doubt');
    expect(world.net.banned).toEqual([]);
  });

  it('no node is banned when some of them give them at last', async () => {
    const chain = longChain();
    const rule = { differs: true };
    await begin({ settings: { longestDoubtPause: 60_000 } });
    const nodes = world.peers(5, chain, unreadable(chain, rule), 'honest');
    world.net.join(...nodes);
    await world.clock.untilTrue(() => world.sync.peers.length === 5 && world.sync.peers.every(({ doubted }) => doubted));
    rule.differs = false;
    await world.clock.untilTrue(proven, 200_000);
    await world.clock.advance(1000);
    expect(world.net.banned).toEqual([]);
  });

  it('they are banned when a node that comes later gives them', async () => {
    const chain = longChain();
    await begin();
    world.net.join(...world.peers(3, chain, unreadable(chain, { differs: true }), 'liar'));
    await world.clock.untilTrue(() => world.sync.peers.length === 3 && world.sync.peers.every(({ doubted }) => doubted));
    world.net.join(...world.peers(3, chain, {}, 'honest'));
    await world.clock.untilTrue(proven, 200_000);
    expect(world.net.banned).toEqual(['liar0', 'liar1', 'liar2']);
  });
});

/** As `chain` up to the third election block, then another chain. Only the signatures of its fourth election block are bad. */
function forgedFrom(chain: FakeChain, height: number): FakeChain {
  const grown = chain.fork(electionOf(3), 77).growTo(height);
  return new FakeChain(77, Array.from({ length: height - 199 }, (_, n) => (200 + n === electionOf(4) ? withBadSignature(grown.at(200 + n)) : grown.at(200 + n))));
}

describe('liars about the past', () => {
  it.each([
    ['one', 1, {}, true],
    ['five of one network', 5, { subnet: 'one' }, true],
    ['five Petrel clients', 5, { witness: false }, true],
    ['two of different networks', 2, {}, true],
    ['three of different networks, which are not banned for bad copies of the true blocks', 3, {}, false],
  ] as const)('%s: the past is proven all the same', async (_, count, options, banned) => {
    const chain = longChain();
    await begin({ settings: { bulkInFlight: 2 } });
    world.net.join(...forgers(count, chain, options), ...world.peers(5, chain, {}, 'honest'));
    await world.clock.untilTrue(proven);
    expect(world.net.lies.every((lie) => lie.startsWith('liar'))).toBe(true);
    expect(world.net.banned.length > 0).toBe(banned);
    expect(world.notices.includes('past-in-doubt')).toBe(!banned);
  });

  it.each([
    ['as far as the liars', electionOf(10) + 10],
    ['further', electionOf(11) + 5],
    ['behind, but above the place where they differ', electionOf(6) + 20],
  ])('three liars deceive the client while it has no other peer; honest peers that come later are %s: the client ends on their chain', async (_, height) => {
    const chain = new FakeChain().growTo(height);
    const liars = forgedFrom(chain, electionOf(10) + 10);
    await begin();
    world.net.join(...world.peers(3, liars, {}, 'liar'));
    await world.established();
    await world.clock.untilTrue(() => world.notices.includes('past-in-doubt'));
    expect(world.net.banned).toEqual([]);
    expect(world.sync.anchor.kind).toBe('witnesses');
    // As many further peers are dialled.
    await world.clock.untilTrue(() => world.sync.peers.length === 3 && world.sync.peers.every(({ doubted }) => doubted));

    world.net.join(...world.peers(3, chain, {}, 'honest'));
    await world.clock.untilTrue(() => proven() && world.chain.head.hash === chain.head.hash, 3_600_000);
    await world.clock.untilTrue(() => world.net.banned.length === 3);
    expect(world.net.banned.toSorted()).toEqual(['liar0', 'liar1', 'liar2']);
    expect(world.notices).toContain('past-doubt-refuted');
  });
});

const giving = (answer: ZkpResponse): FakePeerOptions => ({ twists: { zkp: () => answer } });

describe('zero-knowledge proofs that break a rule of ours before they are verified', () => {
  it.each<[string, (block: MacroBlock) => ZkpResponse]>([
    ['a message without a proof', (block) => ({ type: 'proof', proof: { blockNumber: block.header.blockNumber, proof: undefined }, block })],
    ['a message without a proof and without a block', (block) => ({ type: 'proof', proof: { blockNumber: block.header.blockNumber, proof: undefined }, block: undefined })],
    ['another number than the block has', (block) => ({ type: 'proof', proof: { blockNumber: block.header.blockNumber - 128, proof: new Uint8Array(475) }, block })],
  ])('%s, from all peers: the election chain is verified instead, and no peer is banned', async (_, answer) => {
    const chain = new FakeChain().growTo(electionOf(6) + 10);
    await begin();
    world.net.join(...world.peers(6, chain, giving(answer(chain.at(electionOf(6)).block as MacroBlock)), 'honest'));
    await world.clock.untilTrue(proven);
    await world.clock.advance(10_000);
    expect(world.notices).toContain('past-in-doubt');
    expect(world.net.banned).toEqual([]);
  });
});

describe('liars who differ from the network only above the head of all honest peers', () => {
  it('three liars keep the client that met only them until the honest chain reaches that place', async () => {
    const chain = new FakeChain().growTo(electionOf(3) + 20);
    const forged = forgedFrom(chain, electionOf(6) + 10);
    await begin();
    world.net.join(...world.peers(3, forged, {}, 'liar'));
    await world.established();
    await world.clock.untilTrue(() => world.notices.includes('past-in-doubt'));
    world.net.join(...world.peers(5, chain, {}, 'honest'));
    await world.clock.advance(3_600_000);
    expect(world.chain.head.hash).toBe(forged.head.hash);
    expect(world.sync.anchor.kind).toBe('witnesses');
    chain.growTo(electionOf(4) + 5);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash, 3_600_000);
    expect(world.net.banned).toEqual(['liar0', 'liar1', 'liar2']);
  });
});

describe('what a standing doubt about the past is good for', () => {
  it('peers that give bad copies of the true blocks cost the proof little, though they are not banned, and Petrel clients among them', async () => {
    const epochs = 100;
    const chain = new FakeChain().growTo(electionOf(epochs) + 10);
    await begin();
    const bad: FakePeerOptions = {
      latency: 5,
      twists: {
        block: ({ hash }, honest) => {
          const height = chain.byHash(hash)?.height ?? 0;
          return height > 200 && height <= electionOf(epochs - 2) ? { ok: true, value: withBadSignature(chain.at(height)).block } : honest();
        },
      },
    };
    world.net.join(...world.peers(3, chain, bad, 'liar'), ...world.peers(5, chain, {}, 'honest'), ...world.peers(8, chain, { ...bad, witness: false }, 'petrel'));
    await world.clock.untilTrue(proven, 30_000);
    expect(world.net.asked('macro-chain').length).toBeLessThan(120);
  });

  it('a peer that was a suspect of an earlier doubt is pardoned again when the doubt returns', async () => {
    // All peers are asked again after the doubt has been forgotten, as after a long sleep.
    const chain = new FakeChain().growTo(electionOf(6) + 10);
    await begin({ settings: { longestDoubtPause: 60_000 } });
    const lie = (peer: string) => world.sync.report(peer, { kind: 'lie', code: 'zkp-invalid', evidence: { height: electionOf(9), hash: 'aa' }, past: 'zk-proof' });
    const peers = world.peers(8, chain, {}, 'honest');
    world.net.join(...peers);
    await world.established();
    for (const { id } of peers.slice(0, 4)) lie(id);
    await world.clock.advance(150_000);
    expect(world.net.banned).toEqual([]);
    for (const { id } of peers.slice(0, 4)) lie(id);
    await world.clock.advance(1000);
    expect(world.notices.filter((code) => code === 'past-in-doubt')).toHaveLength(2);
    expect(world.net.banned).toEqual([]);
  });

  it('Petrel clients do not prolong it: a lone liar is banned when it is over', async () => {
    const chain = new FakeChain().growTo(electionOf(6) + 10);
    await begin({ settings: { longestDoubtPause: 60_000 } });
    const lie = (peer: string) => world.sync.report(peer, { kind: 'lie', code: 'zkp-invalid', evidence: { height: electionOf(9), hash: 'aa' }, past: 'zk-proof' });
    const peers = world.peers(8, chain, {}, 'peer');
    world.net.join(...peers, ...world.peers(3, chain, { witness: false }, 'petrel'));
    await world.established();
    for (const { id } of peers.slice(0, 3)) lie(id);
    for (const petrel of ['petrel0', 'petrel1', 'petrel2']) {
      await world.clock.advance(60_000);
      lie(petrel);
    }
    await world.clock.advance(30_000);
    lie('peer7');
    expect(world.net.banned).toContain('peer7');
  });
});
