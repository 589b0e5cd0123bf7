import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withPoisonedValidators } from '../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../test/support/sync-world.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { sleep } from '../../../base/clock.ts';
import { trustLevel } from '../../../engine/trust.ts';
import type { ResponseBody } from '../wire/requests.ts';

let world: SyncWorld;
const begin = (options: WorldOptions = {}) => (world = new SyncWorld(options)).start();
afterEach(async () => {
  await world.end();
});

describe('a fresh client', () => {
  it('joins a network at genesis without trust in any peer', async () => {
    const chain = new FakeChain();
    await begin();
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.established();
    expect(world.sync.anchor).toMatchObject({ kind: 'genesis', height: 200 });
    await world.live(chain, 210, peers);
    expect(world.chain.head.height).toBe(210);
    expect(world.notices).toEqual([]);
    expect(world.phases).toEqual(['connecting', 'catch-up', 'live-sync:few-peers', 'live-sync', 'established']);
    expect(world.consensus).toEqual(['established']);
  });

  it('verifies the first epoch from genesis', async () => {
    const chain = new FakeChain().growTo(270);
    await begin();
    world.net.join(...world.peers(4, chain));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.chain.macroHead.height).toBe(264);
    expect(trustLevel(world.sync.anchor)).toBe('proven');
    expect(world.notices).toEqual([]);
  });

  it('takes the newest election block of a longer chain from three witnesses', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    world.net.join(...world.peers(4, chain));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    const { anchor } = world.sync;
    expect(anchor).toMatchObject({ kind: 'witnesses', height: 456, hash: chain.at(456).hash, fewWitnesses: false });
    expect(anchor.witnesses.length).toBeGreaterThanOrEqual(3);
    expect(trustLevel(anchor)).toBe('witnessed');
    expect(world.notices).toEqual([]);
    // It is quick, because it waits for no further peer.
    expect(world.clock.monotonic()).toBeLessThan(2000);
    expect(world.net.lies).toEqual([]);
  });

  it('waits five seconds with one peer, then goes on and reports it', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    world.net.join(...world.peers(1, chain));
    await world.clock.advance(4900);
    expect(world.chain.head.height).toBe(200);
    expect(world.sync.phase).toBe('catch-up');
    await world.clock.untilTrue(() => world.chain.head.height === 500);
    expect(world.clock.monotonic()).toBeLessThan(11_000);
    expect(world.notices).toEqual(['few-witnesses']);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true, witnesses: [{ peer: 'p0' }] });
    expect(world.sync.phase).toBe('live-sync');
    expect(world.sync.reason).toEqual({ code: 'few-peers', data: { live: 1, wanted: 3 } });
  });

  it('counts one witness per subnet', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    world.net.join(...world.peers(5, chain, { subnet: '10.0.0' }));
    await world.clock.advance(1000);
    expect(world.sync.reason).toBeUndefined();
    await world.clock.advance(1500);
    // Issue 12: it says that there are peers enough, but not networks.
    expect(world.sync.phase).toBe('catch-up');
    expect(world.sync.reason).toEqual({ code: 'few-networks', data: { peers: 5, networks: 1, cheap: 0, wanted: 3 } });
    await world.clock.untilTrue(() => world.chain.head.height === 500);
    expect(world.clock.monotonic()).toBeGreaterThan(5000);
    expect(world.sync.anchor).toMatchObject({ fewWitnesses: true, witnesses: [{ subnet: '10.0.0' }] });
  });

  it('treats peers before and after the end of an epoch as agreeing', async () => {
    const chain = new FakeChain().growTo(600);
    await begin();
    const before = chain.copy(583);
    world.net.join(...world.peers(2, before, {}, 'before'), ...world.peers(1, chain, {}, 'after'));
    await world.clock.untilTrue(() => world.chain.electionHead.height === 584);
    // It waits for a second copy of 584, which only one peer has so far.
    expect(world.clock.monotonic()).toBeLessThan(7000);
    expect(world.sync.anchor).toMatchObject({ height: 456, fewWitnesses: false });
    expect(world.sync.anchor.witnesses.map(({ peer }) => peer).sort()).toEqual(['after0', 'before0', 'before1']);
    expect(world.net.lies).toEqual([]);
  });

  it('is not misled by a minority with its own election block, and bans it', async () => {
    const chain = new FakeChain().growTo(500);
    const forged = new FakeChain(9).growTo(500);
    // The forger cannot sign: its macro blocks are well-formed but have bad signatures.
    await begin();
    world.net.join(...world.peers(3, chain), new FakePeer('liar', unsigned(forged)));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    await world.clock.untilTrue(() => world.net.lies.length > 0);
    expect(world.net.lies.every((lie) => lie.startsWith('liar '))).toBe(true);
    // The catch-up from genesis has decided, and has proven more than before.
    await world.clock.untilTrue(() => world.sync.anchor.kind === 'genesis');
    expect(world.notices).toEqual(['verifying-from-genesis', 'verified-from-genesis']);
    expect(world.chain.head.height).toBeGreaterThanOrEqual(500);
    expect(world.states()).toEqual({ p0: 'live', p1: 'live', p2: 'live' });
  });

  it('issue 11: the pinned election block is accepted during a round that began with one slow peer', async () => {
    const chain = new FakeChain().growTo(200 + 128 * 40 + 10);
    const pin = chain.at(200 + 128 * 38).hash;
    // A batch takes time, as it does in a browser.
    const verify: Verify = async (job, options) => {
      if (job.kind === 'justifications') await sleep(world.clock, 4000);
      return fakeVerify(job, options);
    };
    await begin({ verify, network: { pinnedElection: { hash: pin } } });
    const held = { witness: false, latency: 3000, twists: { block: ({ hash }: { readonly hash: string }, honest: () => ResponseBody<'block'>) => (hash === pin ? ({ ok: false, error: 'TargetHashNotFound' } as const) : honest()) } };
    world.net.join(...world.peers(1, chain, held, 'slow'));
    await world.clock.untilTrue(() => world.chain.electionHead.height > 200);
    const before = world.clock.monotonic();
    world.net.join(...world.peers(3, chain, { witness: false }));
    await world.clock.untilTrue(() => world.chain.electionHead.height >= 200 + 128 * 38);
    expect(world.clock.monotonic() - before).toBeLessThan(4000);
    expect(world.sync.anchor).toMatchObject({ kind: 'pinned', height: 200 + 128 * 38 });
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.chain.checked.electionBlocks).toBe(2);
    expect(world.net.lies).toEqual([]);
  });

  it('lets verification decide when no three agree', async () => {
    const chain = new FakeChain().growTo(500);
    const forged = unsigned(new FakeChain(9).growTo(500));
    await begin();
    world.net.join(...world.peers(2, chain), ...world.peers(2, forged, {}, 'liar'));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.notices).toContain('witnesses-disagree');
    await world.clock.untilTrue(() => world.net.lies.length >= 2);
    expect(new Set(world.net.lies.map((lie) => lie.split(' ')[0]))).toEqual(new Set(['liar0', 'liar1']));
  });

  it('issue 11: does not verify everything from genesis because one of two peers lags', async () => {
    const chain = new FakeChain().growTo(200 + 128 * 30 + 40);
    const behind = chain.copy(200 + 128 * 22 + 10);
    await begin({ settings: { minPeers: 1 } });
    world.net.join(...world.peers(1, chain), ...world.peers(1, behind, {}, 'behind'));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.notices).toEqual(['few-witnesses']);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 200 + 128 * 22 });
    // All later blocks are verified.
    expect(world.chain.checked.electionBlocks).toBe(8);
    expect(world.clock.monotonic()).toBeLessThan(15_000);
    expect(world.net.lies).toEqual([]);
  });

  it('issue 11: waits for one answer of a peer that withholds how its chain relates to the others', async () => {
    const chain = new FakeChain().growTo(200 + 128 * 4 + 10);
    const forged = unsigned(new FakeChain(9).growTo(200 + 128 * 12 + 10));
    await begin({ settings: { minPeers: 1 } });
    const election = forged.electionHead;
    world.net.join(...world.peers(2, chain), new FakePeer('liar', forged, { twists: { block: ({ hash }) => (hash === election.hash ? { ok: true, value: election.block } : 'stall') } }));
    await world.clock.untilTrue(() => world.notices.includes('witnesses-disagree'));
    // 5 s for witnesses, 8 s for the answer.
    expect(world.clock.monotonic()).toBeLessThan(14_000);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.sync.anchor.kind).toBe('genesis');
  });

  it('does not accept a validator list from only one peer', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    const poisoner = new FakePeer('poisoner', chain, {
      latency: 1,
      twists: { block: ({ hash }, honest) => (hash === chain.at(456).hash ? { ok: true, value: withPoisonedValidators(chain.at(456)).block } : honest()) },
    });
    world.net.join(poisoner, ...world.peers(3, chain));
    await world.established();
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.net.lies).toEqual(['poisoner validators-differ']);
  });

  it('issue 11: peers that offer later blocks but withhold them do not delay the sync one after the other', async () => {
    const chain = new FakeChain().growTo(600);
    await begin({ stored: { chain: chain.copy(460) } });
    world.net.join(...world.peers(6, chain, { latency: 1, twists: { block: () => 'stall' } }, 'silent'), ...world.peers(2, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    // Three at a time, each for at most 8 s: less than 48 s. After that come copies of its list, and the head.
    const given = world.net.asked('block').find(({ peer, body }) => peer.startsWith('p') && body.hash === chain.at(584).hash)!;
    expect(given.at).toBeLessThan(21_000);
    // Head rounds still wait for some peers.
    for (const { id } of world.net.peers()) world.net.leave(id);
    await world.clock.advance(20_000);
  });

  it('continues with the peers that answer when one stalls', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    const stalled = new FakePeer('stalled', chain, { twists: { head: () => 'stall' } });
    const half = new FakePeer('half', chain, { twists: { block: () => 'stall', 'missing-blocks': () => 'stall' } });
    world.net.join(stalled, half, ...world.peers(3, chain));
    await world.established();
    expect(world.clock.monotonic()).toBeLessThan(12_000);
    await world.clock.advance(60_000);
    expect(world.net.dropped.map(({ peer }) => peer).sort()).toContain('stalled');
    expect(world.net.lies).toEqual([]);
  });

  it("bans a peer that names an election block that does not fit its head's height", async () => {
    const chain = new FakeChain().growTo(620);
    await begin();
    const old = { blockNumber: 620, blockHash: chain.head.hash, macroHash: chain.at(616).hash, electionHash: chain.at(328).hash };
    world.net.join(...world.peers(3, chain), new FakePeer('old', chain, { latency: 10, twists: { head: () => old } }));
    await world.established();
    expect(world.net.lies).toEqual(['old wrong-height']);
    const [lie] = world.net.reports.filter(({ kind }) => kind === 'lie');
    expect(lie).toMatchObject({ evidence: { hash: chain.at(328).hash, height: 328, expected: 584, head: 620 } });
  });

  it('bans a peer that answers with another block than the requested one', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    const wrong = new FakePeer('wrong', chain, { twists: { block: () => ({ ok: true, value: chain.at(455).block }) } });
    world.net.join(wrong, ...world.peers(3, chain));
    await world.established();
    expect(world.net.lies).toEqual(['wrong wrong-block']);
  });

  it('does not call itself too old because of one peer, but because of three', async () => {
    const chain = new FakeChain().growTo(327);
    const newer = chain.copy();
    newer.append(newer.make({ version: 3 }));
    await begin();
    const peers = world.peers(3, chain);
    world.net.join(...peers);
    await world.established();
    await world.net.announce(peers[0]!, newer.head);
    await world.clock.advance(100);
    expect(world.sync.phase).toBe('established');
    for (const peer of peers) peer.chain = newer;
    await world.clock.untilTrue(() => world.sync.phase === 'failed');
    expect(world.sync.reason).toEqual({ code: 'client-too-old', data: { height: 328 } });
    expect(world.net.lies).toEqual([]);
  });

  it('uses a pinned election block instead of genesis when the witnesses disagree', async () => {
    const chain = new FakeChain().growTo(700);
    const forged = unsigned(new FakeChain(9).growTo(700));
    await begin({ network: { pinnedElection: { hash: chain.at(456).hash } } });
    world.net.join(...world.peers(2, chain), ...world.peers(2, forged, {}, 'liar'));
    await world.clock.untilTrue(() => world.chain.head.height === 700);
    expect(world.sync.anchor).toMatchObject({ kind: 'pinned', height: 456 });
  });

  it('issue 11: peers that withhold a pinned election block do not delay the sync one after the other', async () => {
    const chain = new FakeChain().growTo(700);
    const pin = chain.at(456).hash;
    await begin({ network: { pinnedElection: { hash: pin } } });
    const silent = world.peers(4, chain, { witness: false, latency: 1, twists: { block: ({ hash }, honest) => (hash === pin ? 'stall' : honest()) } }, 'silent');
    world.net.join(...silent, ...world.peers(1, chain, { witness: false }));
    await world.clock.untilTrue(() => world.sync.anchor.kind === 'pinned');
    const asked = world.net.asked('block').filter(({ body }) => body.hash === pin);
    // Three at a time, each for at most 8 s: less than 32 s. After that come the copies for the comparison of the list.
    expect(asked.map(({ at }) => at - asked[0]!.at).slice(0, 5)).toEqual([0, 2000, 4000, 8000, 10_000]);
    expect(world.chain.checked.electionBlocks).toBe(0);
  });

  it('issue 11: an endless row of liars on one machine that withhold the block for a list comparison does not keep the client from an honest peer', async () => {
    const chain = new FakeChain().growTo(500);
    const further = chain.copy().growTo(600);
    const { hash } = chain.at(456);
    await begin();
    world.net.join(...world.peers(1, chain));
    for (let at = 0; at < 5; at += 1) {
      world.net.join(new FakePeer(`liar${at}`, further, { subnet: 'evil', latency: 1, twists: { block: (asked, honest) => (asked.hash === hash ? 'stall' : honest()) } }));
      world.net.leave(`liar${at - 4}`);
      await world.clock.advance(4000);
    }
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 456, fewWitnesses: true });
    // The honest peer is behind by then, which is no contradiction.
    expect(world.states()).toMatchObject({ p0: 'outdated' });
    expect(world.notices).toEqual(['few-witnesses']);
  });

  it('issue 11: honest peers that come while liars withhold a block do not have to wait for all liars', async () => {
    const chain = new FakeChain().growTo(500);
    const further = chain.copy().growTo(600);
    const { hash } = chain.at(456);
    await begin();
    const liars = Array.from({ length: 9 }, (_, at) => new FakePeer(`liar${at}`, further, { subnet: 'evil', latency: 1, twists: { block: (asked, honest) => (asked.hash === hash ? 'stall' : honest()) } }));
    world.net.join(...world.peers(1, chain), ...liars);
    await world.clock.advance(6000);
    world.net.join(...world.peers(3, chain, {}, 'late'));
    await world.clock.advance(14_000);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 456, fewWitnesses: false });
  });

  it('issue 11: the search for a pinned election block that no peer has ends, even if silent peers come one after the other', async () => {
    const chain = new FakeChain().growTo(700);
    const pin = 'ab'.repeat(32);
    await begin({ network: { pinnedElection: { hash: pin } } });
    world.net.join(...world.peers(2, chain, { witness: false }));
    for (let at = 0; at < 24; at += 1) {
      world.net.join(new FakePeer(`silent${at}`, chain, { witness: false, latency: 1, twists: { block: () => 'stall', 'macro-chain': () => ({ ok: true, value: { epochs: [], checkpoint: undefined } }) } }));
      world.net.leave(`silent${at - 4}`);
      await world.clock.advance(5000);
    }
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('issue 11: a peer that is alone at first and withholds a pinned election block does not prevent its use', async () => {
    const chain = new FakeChain().growTo(200 + 128 * 9);
    const pin = chain.at(200 + 128 * 8).hash;
    await begin({ network: { pinnedElection: { hash: pin } } });
    // It serves the first epochs, and nothing after them.
    const behind = chain.copy(200 + 128 * 2 + 10);
    const liar = world.peers(1, chain, { witness: false, twists: { block: ({ hash }) => (behind.byHash(hash) ? { ok: true, value: behind.byHash(hash)!.block } : { ok: false, error: 'TargetHashNotFound' }) } }, 'liar');
    world.net.join(...liar);
    await world.clock.untilTrue(() => world.chain.electionHead.height >= 328);
    world.net.join(...world.peers(2, chain, { witness: false }));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.sync.anchor).toMatchObject({ kind: 'pinned', height: 200 + 128 * 8 });
    expect(world.net.lies).toEqual([]);
  });
});

/** The same headers, with bad signatures in all macro blocks. */
function unsigned(chain: FakeChain): FakeChain {
  const blocks = [chain.at(200)];
  for (let height = 201; height <= chain.head.height; height += 1) {
    const { block, ...rest } = chain.at(height);
    blocks.push(block.type === 'macro' ? { ...rest, block: { ...block, justification: { round: 0, sig: { ...block.justification!.sig, signature: new Uint8Array(95) } } } } : { ...rest, block });
  }
  return new FakeChain(chain.salt, blocks);
}

describe('a client with a stored chain', () => {
  const anchored = (chain: FakeChain, height: number) => ({ kind: 'witnesses', height, hash: chain.at(height).hash, witnesses: [{ peer: 'x', subnet: 'x', saidAt: 1 }], fewWitnesses: false }) as const;

  it('continues from its head, and requests nothing that it has', async () => {
    const chain = new FakeChain().growTo(480);
    await begin({ stored: { chain: chain.copy(475), anchor: anchored(chain, 456) } });
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.established();
    expect(world.chain.head.height).toBe(480);
    const missing = world.net.asked('missing-blocks');
    expect(missing[0]!.body.locators[0]).toBe(chain.at(475).hash);
    const stored = new Set(Array.from({ length: 275 }, (_, i) => chain.at(201 + i).hash));
    // Except copies for the comparison of the validator list.
    expect(world.net.asked('block').filter(({ body }) => stored.has(body.hash)).map(({ body }) => body.hash)).toEqual(Array.from({ length: 3 }, () => chain.at(456).hash));
    expect(world.net.asked('macro-chain')).toEqual([]);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 456 });
    expect(world.notices).toEqual([]);
  });

  it('catches up over two epochs from its own macro blocks', async () => {
    const chain = new FakeChain().growTo(800);
    await begin({ stored: { chain: chain.copy(500), anchor: anchored(chain, 456) } });
    world.net.join(...world.peers(4, chain));
    const epochs: string[] = [];
    world.chain.events.on('change', () => {
      const { progress } = world.sync;
      if (progress?.unit === 'epochs') epochs.push(`${progress.done}/${progress.total}`);
    });
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.asked('macro-chain')[0]!.body.locators).toEqual([chain.at(488).hash, chain.at(456).hash]);
    expect(world.chain.electionHash(584)).toBe(chain.at(584).hash);
    expect(world.sync.anchor.height).toBe(456);
    expect(world.notices).toEqual([]);
    expect(epochs.length).toBeGreaterThan(0);
  });

  it('compares the validator lists at the end of a catch-up', async () => {
    const chain = new FakeChain().growTo(800);
    await begin({ stored: { chain: chain.copy(500), anchor: anchored(chain, 456) } });
    const poisoner = new FakePeer('poisoner', chain, {
      latency: 1,
      twists: { block: ({ hash }, honest) => (hash === chain.electionHead.hash ? { ok: true, value: withPoisonedValidators(chain.electionHead).block } : honest()) },
    });
    world.net.join(poisoner, ...world.peers(3, chain, { latency: 1 }));
    await world.established();
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.lies.filter((lie) => !lie.startsWith('poisoner'))).toEqual([]);
  });

  it('marks a peer that is behind as outdated', async () => {
    const chain = new FakeChain().growTo(800);
    await begin({ stored: { chain: chain.copy(790), anchor: anchored(chain, 456) } });
    const late = new FakePeer('late', chain.copy(600));
    world.net.join(late, ...world.peers(3, chain));
    await world.established();
    expect(world.states()['late']).toBe('outdated');
    late.chain = chain;
    await world.clock.advance(61_000);
    expect(world.states()['late']).toBe('live');
    expect(world.net.lies).toEqual([]);
    expect(world.abandoned).toEqual([]);
  });

  it('does not give up its chain because of one peer that is behind', async () => {
    const chain = new FakeChain().growTo(800);
    await begin({ stored: { chain, anchor: anchored(chain, 456) } });
    world.net.join(new FakePeer('late', chain.copy(300)));
    await world.clock.advance(30_000);
    expect(world.sync.phase).toBe('waiting');
    expect(world.abandoned).toEqual([]);
  });

  it('takes another, longer chain in one step, verified from genesis, when no peer knows its own', async () => {
    const old = new FakeChain(1).growTo(500);
    const chain = new FakeChain(2).growTo(900);
    await begin({ stored: { chain: old, anchor: anchored(old, 328) } });
    const heights: number[] = [];
    world.chain.events.on('change', () => heights.push(world.chain.head.height));
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.established();
    expect(world.notices).toEqual(['verifying-from-genesis', 'other-chain']);
    expect(world.abandoned).toHaveLength(1);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(Math.min(...heights)).toBeGreaterThan(200);
    expect(world.net.lies).toEqual([]);
    await world.live(chain, 903, peers);
    expect(world.chain.head.height).toBe(903);
  });

  for (const [name, stored, other, onTrust] of [
    ['shorter, and ours verified', 800, 300, false],
    ['with nothing final yet', 800, 205, true],
    ['as long', 300, 310, false],
  ] as const) {
    it(`keeps its chain and reports it when no peer knows it (the other chain ${name})`, async () => {
      const old = new FakeChain(1).growTo(stored);
      const chain = new FakeChain(2).growTo(other);
      await begin({ stored: { chain: old, ...(onTrust && { anchor: anchored(old, 328) }) } });
      const peers = world.peers(4, chain);
      world.net.join(...peers);
      await world.clock.advance(200_000);
      expect(world.sync).toMatchObject({ phase: 'waiting', reason: { code: 'chain-unknown', data: { height: stored } } });
      expect(world.chain.head.hash).toBe(old.head.hash);
      expect(world.abandoned).toEqual([]);
      expect(world.net.lies).toEqual([]);
      // Until the other chain is longer.
      chain.growTo(stored + 140);
      await world.established();
      expect(world.chain.head.hash).toBe(chain.head.hash);
      expect(world.abandoned).toHaveLength(1);
      expect(world.net.lies).toEqual([]);
    });
  }

  it('does not count a live peer as confirming the chain if it has named none of its blocks', async () => {
    const old = new FakeChain(1).growTo(455);
    const chain = new FakeChain(2).growTo(455);
    await begin({ stored: { chain: old, anchor: anchored(old, 328) } });
    // Just after the end of the epoch, so that its head cannot be compared; and without services it need not serve macro blocks.
    const made = { blockNumber: 457, blockHash: 'a'.repeat(64), macroHash: 'b'.repeat(64), electionHash: 'b'.repeat(64) };
    const vague = new FakePeer('vague', old, { services: 0, twists: { head: () => made } });
    world.net.join(vague);
    await world.clock.advance(1000);
    expect(world.states()).toEqual({ vague: 'live' });
    world.net.join(...world.peers(3, chain));
    await world.clock.advance(20_000);
    expect(world.notices).toEqual(['verifying-from-genesis', 'other-chain']);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.lies).toEqual([]);
  });

  it('takes the verified chain of a single peer too', async () => {
    const old = new FakeChain(1).growTo(500);
    const chain = new FakeChain(2).growTo(600);
    await begin({ stored: { chain: old, anchor: anchored(old, 456) } });
    world.net.join(...world.peers(1, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    // The peer is not trusted: its chain was verified from genesis.
    expect(world.notices).toEqual(['verifying-from-genesis', 'other-chain']);
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.chain.checked.electionBlocks).toBe(3);
  });

  it('finds out that a block taken on trust was false', async () => {
    const forged = new FakeChain(9).growTo(500);
    const chain = new FakeChain().growTo(500);
    await begin({ stored: { chain: forged, anchor: anchored(forged, 456) } });
    // The forgers confirm it, but their macro blocks before the anchor are not signed.
    world.net.join(...world.peers(3, unsigned(forged), {}, 'forger'), ...world.peers(2, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.sync.anchor.kind).toBe('genesis');
    expect(world.notices).toContain('anchor-refuted');
    // A peer that a stored record names is not blamed for it; a peer that confirms it now is.
    await world.clock.untilTrue(() => world.net.lies.length > 0);
    expect(world.net.lies.every((lie) => lie.startsWith('forger'))).toBe(true);
  });
});
