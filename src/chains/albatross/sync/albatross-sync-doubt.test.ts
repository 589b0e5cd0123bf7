import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withBadSignature } from '../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../test/support/fake-chain.ts';
import type { FakePeer, FakePeerOptions } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../test/support/sync-world.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { toHex } from '../../../base/bytes.ts';
import type { MicroHeader } from '../wire/types.ts';
import { skipBlockSigHash } from '../chain/hashes.ts';

let world: SyncWorld;
afterEach(() => world.end());

/** A client in consensus at `height` with honest peers and future liars. All of them have the chain so far. */
async function inConsensus(height: number, { honest, liars = 0, liarOptions, ...options }: WorldOptions & { readonly honest: number; readonly liars?: number; readonly liarOptions?: FakePeerOptions }) {
  world = await new SyncWorld(options).start();
  const chain = new FakeChain().growTo(height);
  const good = world.peers(honest, chain, {}, 'honest');
  const bad = world.peers(liars, chain.copy(), liarOptions, 'liar');
  world.net.join(...good, ...bad);
  await world.established();
  await world.clock.untilTrue(() => world.chain.head.height === height && world.sync.peers.every(({ state }) => state === 'live'));
  return { chain, good, bad };
}

const announce = async (from: readonly FakePeer[], block: FakeBlock) => {
  for (const peer of from) {
    await world.clock.until(world.net.announce(peer, block));
    await world.clock.advance(50);
  }
};

/** A rule of the client that differs from the network's: while `differs`, it refuses proofs of skip blocks, or all aggregates. */
function ownRule(refuses: 'skip blocks' | 'all' = 'skip blocks'): { differs: boolean; readonly skips: Set<string>; readonly verify: Verify } {
  const rule = { differs: true, skips: new Set<string>() };
  return Object.assign(rule, {
    verify: ((job, options) => {
      if (rule.differs && job.kind === 'multi-signature' && rule.skips.size > 0 && (refuses === 'all' || rule.skips.has(toHex(job.sigHash)))) return Promise.resolve({ valid: false, failure: 'multi-signature', decoded: [] });
      return fakeVerify(job, options);
    }) as Verify,
  });
}

/** Extends the chain with a skip block. */
function skip(chain: FakeChain, rule: { readonly skips: Set<string> }): FakeBlock {
  const block = chain.makeSkip();
  rule.skips.add(toHex(skipBlockSigHash(block.block.header as MicroHeader)!));
  chain.append(block);
  return block;
}

const statesOf = (name: string) => Object.entries(world.states()).flatMap(([id, state]) => (id.startsWith(name) ? [state] : []));
const doubtful = { code: 'client-in-doubt', data: { rule: 'invalid-skip-proof', height: 251, peers: 4, rules: 1 } };

/** The liars' announcement at 251: a block with a bad signature, the same for all liars or a different one for each. */
const forged = (chain: FakeChain, own?: number) => withBadSignature(chain.fork(250, 60 + (own ?? 0)).growTo(251).head);

describe('which peers are banned when blocks break a rule', () => {
  const cases: readonly {
    readonly name: string;
    readonly honest: number;
    readonly liars: number;
    readonly options?: FakePeerOptions;
    /** Each liar has its own lie. */
    readonly own?: boolean;
    /** Number of liars banned at once; in the end all liars are banned in every case. */
    readonly atOnce: number;
  }[] = [
    { name: 'one liar among four', honest: 3, liars: 1, atOnce: 1 },
    { name: 'a majority of liars of one network', honest: 3, liars: 6, options: { subnet: 'one' }, atOnce: 6 },
    { name: 'a majority of Petrel clients', honest: 3, liars: 6, options: { witness: false }, atOnce: 6 },
    { name: 'a mixed crowd, two of five', honest: 3, liars: 2, atOnce: 2 },
    { name: 'a mixed crowd, three of five', honest: 2, liars: 3, atOnce: 0 },
    { name: 'a mixed crowd, three of eight', honest: 5, liars: 3, atOnce: 0 },
    { name: 'a mixed crowd, three of eight, each with its own lie', honest: 5, liars: 3, own: true, atOnce: 0 },
    { name: 'a mixed crowd, four of five, each with its own lie', honest: 1, liars: 4, own: true, atOnce: 0 },
  ];

  it.each(cases)('$name: the head follows the honest peers, and all liars end up banned', async ({ honest, liars, options = {}, own = false, atOnce }) => {
    const { chain, good, bad } = await inConsensus(250, { honest, liars, liarOptions: options });
    const all = bad.map(({ id }) => id);
    for (const [index, liar] of bad.entries()) await announce([liar], forged(chain, own ? index : undefined));
    expect(world.net.banned).toEqual(all.slice(0, atOnce));
    expect(statesOf('liar').filter((state) => state === 'aside')).toHaveLength(liars - atOnce);
    expect(world.notices.includes('client-in-doubt')).toBe(atOnce < liars);
    await world.live(chain, 260, good);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    // Peers that are put aside are neither asked nor heard. The page does not show the doubt, because the sync has passed it.
    expect(world.sync.reason?.code).not.toBe('client-in-doubt');
    await world.live(chain, 270, good);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual(all);
    expect(world.net.lies.every((lie) => lie.startsWith('liar'))).toBe(true);
    expect(world.notices.filter((code) => code.startsWith('doubt'))).toEqual(atOnce < liars ? ['doubt-refuted'] : []);
    expect(world.chain.macroHead.hash).toBe(chain.macroHead.hash);
  });

  it('three peers that send bad copies of a good block are put aside and not banned, because a past error of the client would look the same', async () => {
    const { chain, good, bad } = await inConsensus(250, { honest: 5, liars: 3 });
    await announce(bad, withBadSignature(chain.growTo(251).head));
    expect(statesOf('liar')).toEqual(['aside', 'aside', 'aside']);
    await world.live(chain, 270, good);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
    expect(statesOf('liar')).toEqual(['aside', 'aside', 'aside']);
  });

  it('three cheap liars cannot stop a client whose other peers go on, whatever height they name', async () => {
    const { chain, good, bad } = await inConsensus(250, { honest: 4, liars: 3 });
    // A micro block at the height of a macro block far above: no chain ever has a block there to refute it.
    const far = chain.fork(250, 66).growTo(251).head;
    const nowhere = { ...far, block: { ...far.block, header: { ...far.block.header, blockNumber: 4_000_000_008 } } as typeof far.block };
    await announce(bad, nowhere);
    expect(statesOf('liar')).toEqual(['aside', 'aside', 'aside']);
    for (let round = 0; round < 3; round += 1) {
      await world.live(chain, chain.head.height + 70, good);
      expect(world.chain.head.hash).toBe(chain.head.hash);
      expect(world.sync.phase).toBe('established');
      await announce(bad, nowhere);
    }
    expect(world.net.lies.every((lie) => lie.startsWith('liar'))).toBe(true);
    expect(statesOf('honest')).toEqual(['live', 'live', 'live', 'live']);
  });

  it("a liar that is put aside cannot block other peers' blocks by sending them first", async () => {
    const { chain, good, bad } = await inConsensus(250, { honest: 3, liars: 3 });
    await announce(bad, forged(chain));
    for (let height = 251; height < 260; height += 1) {
      // Gossip delivers equal bytes only once.
      await announce([bad[0]!], chain.growTo(height).head);
      await world.clock.advance(1000);
      expect(world.chain.head.height).toBe(height);
    }
    expect(good).toHaveLength(3);
  });
});

describe('a rule of the client that differs from that of all peers', () => {
  it('bans no peer, puts all aside, reports it, and stops the head; once the error is gone the client goes on by itself', async () => {
    const rule = ownRule('all');
    const { chain, good } = await inConsensus(250, { honest: 4, verify: rule.verify });
    await announce(good, skip(chain, rule));
    expect(world.net.banned).toEqual([]);
    expect(world.sync.phase).toBe('waiting');
    expect(world.sync.reason).toEqual(doubtful);
    expect(statesOf('honest')).toEqual(['aside', 'aside', 'aside', 'aside']);
    expect(world.sync.peers[0]?.reason).toEqual({ code: 'invalid-skip-proof', data: { height: 251, hash: chain.head.hash } });
    expect(world.sync.consensus).toBe('lost');
    // For ten minutes: the client tries again after 1, 2 and 4 minutes, and stops again at once. By then the peers are ahead, and
    // send macro blocks first.
    const asked = world.net.requests.length;
    for (let minute = 0; minute < 10; minute += 1) {
      chain.growTo(chain.head.height + 20);
      await announce(good, chain.head);
      await world.clock.advance(60_000);
      expect(world.chain.head.height).toBe(250);
      expect(world.sync.reason).toMatchObject({ code: 'client-in-doubt', data: { rule: 'invalid-justification' } });
    }
    expect(world.net.requests.length - asked).toBeLessThan(100);
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toEqual(['client-in-doubt']);
    expect(world.phases.filter((phase) => phase.includes('no-peers'))).toEqual([]);
    expect(world.net.dropped).toEqual([]);
    rule.differs = false;
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash && world.sync.consensus === 'established', 660_000);
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toEqual(['client-in-doubt', 'doubt-resolved']);
    expect(world.sync.phase).toBe('established');
  });

  it.each([1, 2, 3])('with only %i peers, applies from two on', async (honest) => {
    const rule = ownRule();
    const { chain, good } = await inConsensus(250, { honest, verify: rule.verify, settings: { minPeers: 1 } });
    await announce(good, skip(chain, rule));
    expect(world.net.banned).toEqual(honest === 1 ? ['honest0'] : []);
    expect(statesOf('honest')).toEqual(honest === 1 ? [] : Array.from({ length: honest }, () => 'aside'));
  });

  it('applies when the peers come one by one, minutes apart, and each is caught at once', async () => {
    const rule = ownRule('all');
    const chain = new FakeChain().growTo(250);
    world = await new SyncWorld({ verify: rule.verify, stored: { chain: chain.copy() } }).start();
    skip(chain, rule);
    chain.growTo(300);
    for (const peer of world.peers(8, chain, {}, 'honest')) {
      world.net.join(peer);
      await world.clock.advance(120_000);
    }
    expect(world.net.banned).toEqual([]);
    expect(world.sync.reason?.code).toBe('client-in-doubt');
  });

  it('applies when the client is restarted after each peer that is caught', async () => {
    const rule = ownRule();
    const chain = new FakeChain().growTo(250);
    const stored = { chain: chain.copy() };
    skip(chain, rule);
    const banned: number[] = [];
    let before: SyncWorld['net'] | undefined;
    for (const peer of new SyncWorld().peers(6, chain, {}, 'honest')) {
      world = await new SyncWorld({ verify: rule.verify, stored, before }).start();
      world.net.join(peer);
      await world.clock.advance(10_000);
      banned.push(world.net.banned.length);
      before = world.net;
      await world.end();
    }
    expect(banned).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it('puts aside later peers that send the same block', async () => {
    const rule = ownRule();
    const { chain, good } = await inConsensus(250, { honest: 4, verify: rule.verify });
    await announce(good, skip(chain, rule));
    world.net.join(...world.peers(3, chain, {}, 'late'));
    await world.clock.advance(10_000);
    expect(world.net.banned).toEqual([]);
    expect(statesOf('late')).toEqual(['aside', 'aside', 'aside']);
    expect(world.sync.reason?.data).toMatchObject({ peers: 7 });
  });

  it('applies when a later peer leads past the block with macro blocks, which prove nothing about the block', async () => {
    const rule = ownRule();
    const { chain, good } = await inConsensus(250, { honest: 4, verify: rule.verify });
    await announce(good, skip(chain, rule));
    chain.growTo(300);
    world.net.join(...world.peers(1, chain, {}, 'late'));
    await world.clock.untilTrue(() => world.chain.head.height >= 296);
    await world.clock.advance(5000);
    expect(world.net.banned).toEqual([]);
    // When the other peers are tried again, they go on too.
    await world.clock.untilTrue(() => world.sync.consensus === 'established' && world.chain.head.hash === chain.head.hash);
    await world.clock.advance(61_000);
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toEqual(['client-in-doubt', 'doubt-resolved']);
  });

  it('counts the rules that most peers broke, and names the one broken most often', async () => {
    const rule = ownRule();
    const { chain, good } = await inConsensus(250, { honest: 4, verify: rule.verify });
    await announce(good.slice(0, 1), forged(chain));
    await announce(good.slice(1), skip(chain, rule));
    expect(world.sync.reason).toEqual({ ...doubtful, data: { ...doubtful.data, rules: 2 } });
  });

  it('applies to answers that the client cannot read, unless some peer gives a readable one', async () => {
    world = await new SyncWorld({ settings: { prove: false } }).start();
    const chain = new FakeChain().growTo(250);
    const unreadable = { twists: { head: () => ({ fail: 'malformed' as const }) } };
    world.net.join(...world.peers(4, chain, unreadable, 'honest'));
    await world.clock.advance(5000);
    expect(world.net.banned).toEqual([]);
    expect(world.sync.reason).toMatchObject({ code: 'client-in-doubt', data: { rule: 'malformed', peers: 4 } });
    // Other peers answer the same request, and lead on until blocks are final: so the first peers were at fault.
    const readable = world.peers(3, chain, {}, 'readable');
    world.net.join(...readable);
    await world.established();
    await world.live(chain, 266, readable);
    expect(world.net.banned).toEqual(['honest0', 'honest1', 'honest2', 'honest3']);
  });

  it('applies to such answers of all nodes, though Petrel clients give readable ones and lead on', async () => {
    const chain = new FakeChain().growTo(250);
    world = await new SyncWorld({ settings: { prove: false }, stored: { chain: chain.copy() } }).start();
    const petrels = world.peers(3, chain, { witness: false }, 'petrel');
    world.net.join(...world.peers(4, chain, { twists: { head: () => ({ fail: 'malformed' }) } }, 'honest'), ...petrels);
    await world.clock.untilTrue(() => statesOf('honest').every((state) => state === 'aside') && statesOf('petrel').every((state) => state === 'live'));
    await world.live(chain, 300, petrels);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
  });

  it.each([
    ['that Petrel clients fill', { witness: false }, []],
    ['unless other nodes fill it', {}, ['honest0', 'honest1', 'honest2', 'honest3']],
  ])('applies to bad answers about a gap, %s', async (_, options, banned) => {
    const chain = new FakeChain().growTo(250);
    world = await new SyncWorld({ stored: { chain: chain.copy() } }).start();
    const short: FakePeerOptions = { twists: { 'missing-blocks': (_body, honest) => {
      const answer = honest();
      return answer.ok ? { ok: true, value: { blocks: answer.value.blocks.slice(0, -1) } } : answer;
    } } };
    const nodes = world.peers(4, chain, short, 'honest');
    const filling = world.peers(2, chain, options, 'filling');
    world.net.join(...nodes);
    await world.established();
    chain.growTo(255);
    await announce(nodes, chain.head);
    await world.clock.untilTrue(() => statesOf('honest').every((state) => state === 'aside'));
    world.net.join(...filling);
    await world.clock.untilTrue(() => world.chain.head.height === 255);
    await world.live(chain, 280, filling);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual(banned);
  });

  it('applies to one block that the client cannot read, though another node fills the rest of the gap', async () => {
    const chain = new FakeChain().growTo(250);
    world = await new SyncWorld({ stored: { chain: chain.copy() } }).start();
    const unreadable: FakePeerOptions = { twists: { 'missing-blocks': (_body, honest) => {
      const answer = honest();
      return answer.ok && answer.value.blocks.some(({ header }) => header.blockNumber === 252) ? { fail: 'malformed' } : answer;
    } } };
    const [other, ...nodes] = world.peers(4, chain, unreadable, 'honest');
    world.net.join(...nodes);
    await world.established();
    chain.growTo(255);
    await announce(nodes, chain.head);
    await world.clock.untilTrue(() => statesOf('honest').every((state) => state === 'aside'));
    other!.chain = chain.copy(250);
    const petrels = world.peers(2, other!.chain, { witness: false }, 'petrel');
    world.net.join(...petrels, other!);
    await world.established();
    for (const height of [251, 252, 253]) await announce([petrels[0]!], chain.at(height));
    other!.chain = chain;
    await announce([other!], chain.head);
    await world.clock.untilTrue(() => world.chain.head.height === 255);
    await world.live(chain, 280, [other!]);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
  });

  it.each([
    ['refuses', { ok: false, error: 'UnknownLocators' }],
    ['has nothing in it', { ok: true, value: { epochs: [], checkpoint: undefined } }],
  ] as const)('applies to such answers, though one node gives a readable one that %s', async (_, answer) => {
    const chain = new FakeChain().growTo(250);
    world = await new SyncWorld({ settings: { prove: false }, stored: { chain: chain.copy() } }).start();
    chain.growTo(300);
    const other = world.peers(1, chain, { twists: { 'macro-chain': () => answer } }, 'other');
    const petrels = world.peers(2, chain, { witness: false }, 'petrel');
    world.net.join(...world.peers(3, chain, { twists: { 'macro-chain': () => ({ fail: 'malformed' }) } }, 'honest'));
    await world.clock.untilTrue(() => statesOf('honest').every((state) => state === 'aside'));
    world.net.join(...other, ...petrels);
    await world.clock.untilTrue(() => world.chain.macroHead.height === 296);
    expect(world.net.banned).toEqual([]);
  });

  it('is back after a restart, and bans no peer then either', async () => {
    const rule = ownRule();
    const { chain, good } = await inConsensus(250, { honest: 4, verify: rule.verify });
    await announce(good, skip(chain, rule));
    await world.end();
    world = await new SyncWorld({ verify: rule.verify, stored: { chain: chain.copy(250) } }).start();
    world.net.join(...world.peers(4, chain, {}, 'honest'));
    await world.clock.untilTrue(() => world.sync.reason?.code === 'client-in-doubt');
    await world.clock.advance(5000);
    expect(world.net.banned).toEqual([]);
    expect(world.chain.head.height).toBe(250);
    expect(world.sync.reason).toMatchObject({ code: 'client-in-doubt', data: { rule: 'invalid-skip-proof', height: 251 } });
    rule.differs = false;
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash && world.sync.consensus === 'established');
    expect(world.net.banned).toEqual([]);
  });

  it('a wrong clock leads to no ban, and when it is set right the head goes on', async () => {
    const { chain, good } = await inConsensus(250, { honest: 4 });
    // More than the ten minutes that a block may be ahead of the client's clock.
    const { timestamp } = world.chain.head.block.header;
    const clock = { behind: timestamp - world.clock.now() - 700_000 };
    const now = world.clock.now.bind(world.clock);
    world.clock.now = () => now() + clock.behind;
    await announce(good, chain.growTo(251).head);
    await world.clock.advance(20_000);
    expect(world.chain.head.height).toBe(250);
    expect(world.net.banned).toEqual([]);
    clock.behind = 0;
    await world.clock.untilTrue(() => world.chain.head.height === 251);
    await world.live(chain, 255, good);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
  });
});
