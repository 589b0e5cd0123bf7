import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withBadSignature } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import type { WorldOptions } from '../../../../../test/support/sync-world.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { nothingChecked } from '../../chain/checked-counts.ts';
import { sumOfChecked } from '../../../../engine/trust.ts';
import type { ProofRecord } from '../../chain/proof-record.ts';
import { blockHash } from '../../chain/hashes.ts';
import { toHex } from '../../../../base/bytes.ts';
import type { MacroBlock, Validator } from '../../wire/types.ts';

let world: SyncWorld;
const begin = (options: WorldOptions = {}) => (world = new SyncWorld({ prove: true, ...options })).start();
afterEach(async () => {
  await world.end();
});

/** Height of the election block that ends the epoch. */
const electionOf = (epoch: number) => 200 + 128 * epoch;
const proven = () => world.sync.anchor.kind === 'genesis' && world.chain.head.height > 200;
/** A chain whose running epoch is `epochs` + 1. */
const longChain = (epochs: number, salt = 0) => new FakeChain(salt).growTo(electionOf(epochs) + 40);

/** Counts how often each justification is verified in a batch. */
function counting(verify: Verify = fakeVerify) {
  const seen = new Map<string, number>();
  const batches: number[] = [];
  const counted: Verify = (job, options) => {
    if (job.kind === 'justifications') {
      batches.push(job.items.length);
      for (const { sigHash } of job.items) seen.set(toHex(sigHash), (seen.get(toHex(sigHash)) ?? 0) + 1);
    }
    return verify(job, options);
  };
  return { verify: counted, seen, batches };
}

/** A peer with a different copy of the election block at a height. */
function withCopy(id: string, chain: FakeChain, height: number): FakePeer {
  return new FakePeer(id, chain, { twists: { block: ({ hash }, honest) => (hash === chain.at(height).hash ? { ok: true, value: withBadSignature(chain.at(height)).block } : honest()) } });
}

/** Waits until the client is live with pico. */
async function live(): Promise<void> {
  await world.established();
  expect(world.phases).toContain('established');
}

/** The proof record that a client stores when it has proven the chain and was closed. */
async function provenOnce(chain: FakeChain, options: WorldOptions = {}): Promise<ProofRecord> {
  await begin(options);
  world.net.join(...world.peers(4, chain));
  await world.clock.untilTrue(proven);
  const [record] = [...world.proofs.values()];
  await world.end();
  return record!;
}

describe('the proof in the background', () => {
  it('raises pico to proven: live first, then every election block from genesis, each once', async () => {
    const chain = longChain(12);
    const { verify, seen, batches } = counting();
    await begin({ verify });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(() => world.sync.anchor.kind === 'witnesses');
    const { height } = world.sync.anchor;
    expect(height).toBe(electionOf(12));
    await world.clock.untilTrue(proven);
    expect(world.notices).toEqual(['verified-from-genesis']);
    expect(world.chain.checked).toMatchObject({ electionBlocks: 12, justifications: 12 + world.chain.checked.checkpoints, checkpoints: 1 });
    expect([...seen.values()]).toEqual(Array.from({ length: 12 }, () => 1));
    expect(batches.length).toBeGreaterThan(1);
    expect(world.sync.proof).toBeUndefined();
    expect(world.net.lies).toEqual([]);
    await live();
  });

  it('reports its progress', async () => {
    const chain = longChain(30);
    const seen: { done: number; total: number }[] = [];
    await begin();
    world.sync.events.on('proof', (proof) => proof && seen.push({ done: proof.done, total: proof.total }));
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(seen[0]).toEqual({ done: 0, total: 30 });
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(seen.filter(({ done }) => done > 0 && done < 30).length).toBeGreaterThan(1);
  });

  it('does nothing when it is turned off, and nothing when there is nothing to prove', async () => {
    const chain = longChain(3);
    const { verify, batches } = counting();
    await begin({ prove: false, verify });
    world.net.join(...world.peers(4, chain));
    await live();
    await world.clock.advance(60_000);
    expect(batches).toEqual([]);
    expect(world.sync.anchor.kind).toBe('witnesses');
    await world.end();
    await begin({ verify });
    world.net.join(...world.peers(4, new FakeChain().growTo(260)));
    await live();
    await world.clock.advance(60_000);
    expect(batches).toEqual([]);
  });

  it.each(['nothing', 'unknown', 'silence'] as const)('eight peers that are live and show %s of the past do not keep it from a client that has honest peers too', async (how) => {
    const chain = longChain(4);
    const past = (locators: readonly string[]) => locators.length === 1 && locators[0] === chain.at(200).hash;
    const twists: FakePeerOptions['twists'] = {
      'macro-chain': ({ locators }, honest) => {
        if (!past(locators)) return honest();
        return how === 'silence' ? 'stall' : how === 'unknown' ? { ok: false, error: 'UnknownLocators' } : { ok: true, value: { epochs: [], checkpoint: undefined } };
      },
    };
    await begin();
    world.net.join(...world.peers(8, chain, { twists }, 'withholding'));
    await live();
    await world.clock.advance(120_000);
    world.net.join(...world.peers(3, chain, {}, 'honest'));
    await world.clock.untilTrue(proven);
    expect(world.net.asked('macro-chain').filter(({ peer }) => peer.startsWith('w')).length).toBeGreaterThan(7);
    expect(world.net.lies).toEqual([]);
  });

  it("leaves a part of each peer's rate to the live sync", async () => {
    const chain = longChain(60);
    await begin({ settings: { backgroundPerPeer: 5 } });
    world.net.join(...world.peers(3, chain));
    await world.clock.untilTrue(proven);
    // In every window of 10 s, each peer gets the background's five requests, and the few of macro and live sync.
    const asked = world.net.asked('block');
    for (const { at, peer } of asked) expect(asked.filter((other) => other.peer === peer && other.at >= at && other.at < at + 10_000).length).toBeLessThanOrEqual(5 + 4);
  });

  it('shares the work with peers that come after it has begun', async () => {
    const chain = longChain(60);
    await begin({ settings: { backgroundPerPeer: 4, bulkInFlight: 4, minPeers: 1, witnesses: 1 } });
    world.net.join(...world.peers(1, chain, {}, 'first'));
    await world.clock.untilTrue(() => (world.sync.proof?.done ?? 0) > 0);
    world.net.join(...world.peers(3, chain, {}, 'late'));
    await world.clock.untilTrue(proven);
    const shares = new Map<string, number>();
    for (const { peer } of world.net.asked('block')) shares.set(peer, (shares.get(peer) ?? 0) + 1);
    const late = [...shares].filter(([peer]) => peer.startsWith('late')).map(([, count]) => count);
    expect(late.length).toBe(3);
    expect(Math.min(...late)).toBeGreaterThan(5);
  });

  it('a copy with a bad justification gets its sender banned, and the true copy comes from another peer', async () => {
    const chain = longChain(10);
    await begin();
    world.net.join(...world.peers(3, chain), withCopy('liar', chain, electionOf(4)));
    await world.clock.untilTrue(proven);
    expect(world.net.lies.every((lie) => lie === 'liar invalid-justification')).toBe(true);
  });

  it.each(['wrong-block', 'not-macro', 'malformed'] as const)('a wrong answer to a block request leads to a ban: %s', async (code) => {
    const chain = longChain(10);
    await begin();
    // The liar lies only about old blocks, so that the proof meets the lie.
    const liar = new FakePeer('liar', chain, {
      twists: {
        block: ({ hash }, honest) => {
          const height = chain.byHash(hash)?.height ?? 0;
          if (height > electionOf(8) || height === 0) return honest();
          if (code === 'malformed') return { fail: 'malformed' };
          return { ok: true, value: chain.at(code === 'wrong-block' ? electionOf(9) : electionOf(9) + 1).block };
        },
      },
    });
    // First, so that it is asked for the first blocks.
    world.net.join(liar, ...world.peers(3, chain));
    await world.clock.untilTrue(() => proven() && world.net.lies.length > 0);
    expect(world.net.lies).toEqual([code === 'not-macro' ? 'liar wrong-block' : `liar ${code}`]);
  });

  it('a peer that stalls only loses its turn', async () => {
    const chain = longChain(40);
    await begin();
    const slow = new FakePeer('slow', chain, { twists: { block: ({ hash }, honest) => ((chain.byHash(hash)?.height ?? 9999) < electionOf(39) ? 'stall' : honest()) } });
    world.net.join(slow, ...world.peers(3, chain));
    await world.clock.untilTrue(proven);
    expect(world.net.lies).toEqual([]);
    expect(world.net.dropped.filter(({ peer }) => peer === 'slow')).toEqual([]);
    // The proof does not wait for the deadline at each of its turns.
    expect(world.clock.monotonic()).toBeLessThan(40_000);
  });

  it('goes on with later peers when no peer has the needed blocks', async () => {
    const chain = longChain(10);
    await begin();
    const poor = world.peers(3, chain, { twists: { 'macro-chain': ({ locators }, honest) => (locators[0] === unitAlbatross.genesisHash ? { ok: false, error: 'Other' } : honest()) } });
    world.net.join(...poor);
    await live();
    await world.clock.advance(30_000);
    expect(world.sync.proof).toMatchObject({ state: 'waiting', toward: 'proven', done: 0, total: 10 });
    world.net.join(...world.peers(1, chain, {}, 'rich'));
    await world.clock.untilTrue(proven);
  });

  it.each([1, 3, 5, 7, 9, 11])('continues where it was after a restart %i blocks in, and verifies nothing twice', async (blocks) => {
    const chain = longChain(12);
    const { verify, seen } = counting();
    await begin({ verify });
    const peers = () => world.peers(4, chain);
    world.net.join(...peers());
    await world.clock.untilTrue(() => (world.proofs.get('genesis')?.checked.electionBlocks ?? 0) >= blocks || proven());
    const { anchor } = world.sync;
    const { checked } = world.chain;
    const [record] = [...world.proofs.values()];
    await world.end();
    expect(record!.checked.electionBlocks).toBe(record!.checked.justifications);
    // The store has what was committed, not the batch under way.
    const stored = { chain: chain.copy(), anchor };
    await begin({ verify, stored, proofs: [record!] });
    world.net.join(...peers());
    await world.clock.untilTrue(proven);
    expect(sumOfChecked(world.chain.checked, checked).electionBlocks).toBe(12);
    const twice = [...seen.entries()].filter(([, times]) => times > 1);
    // A batch that was under way at the end was not verified yet.
    expect(twice.length).toBeLessThanOrEqual(12 - record!.checked.electionBlocks);
    expect(seen.size).toBe(12);
  });

  it('finishes at once when it had reached the anchor before the restart', async () => {
    const chain = longChain(6);
    const { verify, batches } = counting();
    const record = await provenOnce(chain, { verify });
    const before = batches.length;
    const anchor = { kind: 'witnesses', height: electionOf(6), hash: chain.at(electionOf(6)).hash, witnesses: [{ peer: 'x', subnet: 'x', saidAt: 1 }], fewWitnesses: false } as const;
    await begin({ verify, stored: { chain: chain.copy(), anchor }, proofs: [record] });
    // Before any peer is connected.
    await world.clock.untilTrue(proven);
    world.net.join(...world.peers(4, chain));
    await live();
    expect(batches.length).toBe(before);
    expect(world.chain.checked.electionBlocks).toBe(6);
  });

  it("drops its record when all peers have another chain than the record's", async () => {
    const record = await provenOnce(longChain(6, 3));
    const chain = longChain(8);
    await begin({ proofs: [record] });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(world.log).toContain('proof-unknown');
    expect(world.net.lies).toEqual([]);
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('issue 11.4: a proven part is kept when one liar does not know it and the other peers are silent', async () => {
    const chain = longChain(6);
    const record = await provenOnce(chain);
    const grown = chain.copy().growTo(electionOf(8) + 40);
    const { verify, seen } = counting();
    await begin({ verify, proofs: [record], settings: { witnesses: 1 } });
    // It has the true head, but claims not to know the past.
    world.net.join(new FakePeer('liar', grown, { twists: { 'macro-chain': () => ({ ok: false, error: 'UnknownLocators' }) } }));
    await world.clock.untilTrue(() => world.log.includes('proof-unknown'));
    expect(world.proofs.get('genesis')?.head.hash).toBe(record!.head.hash);
    world.net.join(...world.peers(3, grown));
    await world.clock.untilTrue(proven);
    expect(world.proofs.get('genesis')?.head.hash).toBe(grown.at(electionOf(8)).hash);
    expect(seen.size).toBeGreaterThan(0);
  });

  it('a verifier that fails does not stop the proof for good', async () => {
    const chain = longChain(8);
    let failures = 3;
    const verify: Verify = async (job, options) => {
      if (job.kind === 'justifications' && failures-- > 0) return { valid: false, failure: 'multi-signature', decoded: [] };
      return fakeVerify(job, options);
    };
    await begin({ verify });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    // For each "invalid" without the failed item, the blocks are verified one by one. At most the last such answer, about a single
    // block, is believed.
    expect(world.net.lies.length).toBeLessThanOrEqual(1);
  });
});

describe('a contradiction', () => {
  const forgedFrom = (chain: FakeChain, epoch: number) => chain.fork(electionOf(epoch) + 1, 9).growTo(chain.head.height);
  const anchored = (chain: FakeChain, height: number, peers: readonly string[]) =>
    ({ kind: 'witnesses', height, hash: chain.at(height).hash, witnesses: peers.map((peer) => ({ peer, subnet: peer, saidAt: 1 })), fewWitnesses: false }) as const;

  it('removes what rested on the anchor, reports it, bans its witnesses, and goes on from the proven chain', async () => {
    const chain = longChain(10);
    const forged = forgedFrom(chain, 6);
    const { verify, seen } = counting();
    await begin({ verify, stored: { chain: forged, anchor: anchored(forged, electionOf(10), ['w0', 'w1', 'w2']) } });
    const heights: number[] = [];
    world.chain.events.on('change', ({ kind }) => kind === 'reset' && heights.push(world.chain.head.height));
    // They confirm the forged head and serve the true past up to the fork.
    world.net.join(...world.peers(3, forged, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'w'));
    await live();
    world.net.join(...world.peers(2, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.notices).toContain('anchor-refuted');
    expect(world.abandoned).toHaveLength(1);
    for (const peer of ['w0', 'w1', 'w2']) expect(world.net.lies.some((lie) => lie.startsWith(`${peer} `))).toBe(true);
    expect(world.net.lies.filter((lie) => lie.startsWith('p'))).toEqual([]);
    // In one step.
    expect(heights).toEqual([electionOf(10)]);
    expect(proven()).toBe(true);
    expect(world.chain.checked.electionBlocks).toBe(10);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('is found at the next start, if the client was closed before the proven chain replaced the other', async () => {
    const chain = longChain(6);
    const record = await provenOnce(chain);
    const forged = forgedFrom(chain, 5);
    await begin({ proofs: [record], stored: { chain: forged, anchor: anchored(forged, electionOf(6), ['w0', 'w1', 'w2']) } });
    // This needs no peer.
    await world.clock.untilTrue(proven);
    expect(world.notices).toEqual(['anchor-refuted']);
    expect(world.chain.head.hash).toBe(chain.at(electionOf(6)).hash);
    world.net.join(...world.peers(3, chain));
    await live();
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('uses the proven chain when witnesses disagree', async () => {
    const chain = longChain(6);
    const record = await provenOnce(chain);
    const { verify, seen } = counting();
    const grown = chain.copy().growTo(electionOf(9) + 5);
    await begin({ verify, proofs: [record] });
    const liars = longChain(9, 9);
    world.net.join(...world.peers(2, grown), ...world.peers(2, liars, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'liar'));
    await world.clock.untilTrue(() => world.chain.head.hash === grown.head.hash);
    expect(world.notices).toContain('witnesses-disagree');
    expect(world.chain.checked.electionBlocks).toBe(9);
    // 7 and 8 in bulk, 9 separately.
    expect(seen.size).toBe(2);
    expect(proven()).toBe(true);
  });
});

describe('a pinned election block', () => {
  it('gives pinned first, then proven', async () => {
    const chain = longChain(20);
    const kinds: string[] = [];
    const { verify, seen } = counting();
    await begin({ verify, network: { ...unitAlbatross, pinnedElection: { hash: chain.at(electionOf(15)).hash } } });
    world.sync.events.on('anchor', ({ kind, height }) => kinds.push(`${kind} ${height}`));
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(kinds).toEqual([`witnesses ${electionOf(20)}`, `pinned ${electionOf(15)}`, 'genesis 200']);
    expect(world.notices).toEqual(['verified-from-pin', 'verified-from-genesis']);
    expect(world.chain.checked.electionBlocks).toBe(20);
    expect([...seen.values()]).toEqual(Array.from({ length: 20 }, () => 1));
    expect([...world.proofs.keys()]).toEqual(['genesis']);
  });

  it.each([
    ['bands moved by one', (list: readonly Validator[]) => list.map((validator) => ({ ...validator, slots: { start: validator.slots.start + 1, end: validator.slots.end + 1 } }))],
    ['the true bands moved away, and all slots for the liar', (list: readonly Validator[]) => [
      ...list.map((validator) => ({ ...validator, slots: { start: validator.slots.start + 512, end: validator.slots.end + 512 } })),
      { ...list[0]!, votingKey: list[0]!.votingKey.with(0, 0xff), slots: { start: 0, end: 512 } },
    ]],
  ])('issue 11.1: a copy of it with other bands and the same hash leads to blame for its sender, and another copy is taken: %s', async (_, change) => {
    const chain = longChain(8);
    const pin = chain.at(electionOf(5)).hash;
    const block = chain.at(electionOf(5)).block as MacroBlock;
    const copy: MacroBlock = { ...block, header: { ...block.header, validators: change(block.header.validators!) } };
    expect(blockHash(copy)).toBe(pin);
    const kinds: string[] = [];
    await begin({ network: { ...unitAlbatross, pinnedElection: { hash: pin } } });
    world.sync.events.on('anchor', ({ kind }) => kinds.push(kind));
    // The liar answers first.
    const liar = new FakePeer('liar', chain, { latency: 1, twists: { block: ({ hash }, honest) => (hash === pin ? { ok: true, value: copy } : honest()) } });
    world.net.join(liar, ...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(kinds).toEqual(['witnesses', 'pinned', 'genesis']);
    expect(new Set(world.net.lies)).toEqual(new Set(['liar slot-bands-not-contiguous']));
  });

  it('issue 11: peers that withhold it delay the proof neither one after the other, nor for good', async () => {
    const chain = longChain(8);
    const pin = chain.at(electionOf(5)).hash;
    const kinds: string[] = [];
    await begin({ network: { ...unitAlbatross, pinnedElection: { hash: pin } } });
    world.sync.events.on('anchor', ({ kind }) => kinds.push(kind));
    const keepBack = (answer: 'stall' | { readonly ok: false; readonly error: 'TargetHashNotFound' }): FakePeerOptions => ({ latency: 1, twists: { block: ({ hash }, honest) => (hash === pin ? answer : honest()), 'macro-chain': (_, honest) => (kinds.includes('pinned') ? honest() : 'stall') } });
    world.net.join(...world.peers(3, chain, keepBack({ ok: false, error: 'TargetHashNotFound' }), 'poor'));
    // Time for more rounds than a peer is asked in.
    await world.clock.advance(120_000);
    expect(kinds).toEqual(['witnesses']);
    const before = world.net.requests.length;
    world.net.join(...world.peers(3, chain, keepBack('stall'), 'silent'), ...world.peers(1, chain));
    await world.clock.untilTrue(() => kinds.includes('pinned'));
    const asked = world.net.requests.slice(before).filter(({ kind, body }) => kind === 'block' && 'hash' in body && body.hash === pin);
    expect(asked.map(({ at }) => at - asked[0]!.at)).toEqual([0, 2000, 4000, 8000]);
    await world.clock.untilTrue(proven);
  });

  it('is skipped when no peer has it, or when it is newer than the chain', async () => {
    const chain = longChain(10);
    await begin({ network: { ...unitAlbatross, pinnedElection: { hash: 'ab'.repeat(32) } } });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(world.notices).toEqual(['verified-from-genesis']);
  });

  it('refutes a chain that does not contain it', async () => {
    const chain = longChain(10);
    const forged = chain.fork(electionOf(4) + 1, 9).growTo(electionOf(10) + 7);
    const anchor = { kind: 'witnesses', height: electionOf(10), hash: forged.at(electionOf(10)).hash, witnesses: [{ peer: 'w', subnet: 'w', saidAt: 1 }], fewWitnesses: true } as const;
    await begin({ stored: { chain: forged, anchor }, network: { ...unitAlbatross, pinnedElection: { hash: chain.at(electionOf(8)).hash } } });
    world.net.join(...world.peers(1, forged, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'w'), ...world.peers(3, chain));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.notices).toContain('anchor-refuted');
    expect(world.net.lies.every((lie) => lie.startsWith('w'))).toBe(true);
  });
});


describe('issue 11.3: a chain from a store', () => {
  const unchecked = { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false, unchecked: true } as const;

  it('is proven when peers have shown the whole way to it again, whatever its stored anchor says', async () => {
    const chain = longChain(5);
    await begin({ stored: { chain: chain.copy(), anchor: unchecked } });
    expect(world.sync.proof).toMatchObject({ toward: 'proven', done: 0, total: 5 });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(() => world.sync.anchor.unchecked === undefined);
    expect(world.sync.anchor).toMatchObject({ kind: 'genesis' });
    expect(world.chain.checked).toMatchObject({ electionBlocks: 5, justifications: 5 });
    expect(world.net.lies).toEqual([]);
    await live();
  });

  it('with blocks above the block taken on trust is proven only when the way leads to its end', async () => {
    const chain = longChain(5);
    const { height, hash } = chain.at(electionOf(3));
    const anchor = { ...unchecked, kind: 'witnesses', height, hash, witnesses: [{ peer: 'gone', subnet: '10.0.0', saidAt: 1 }] } as const;
    await begin({ stored: { chain: chain.copy(), anchor } });
    expect(world.sync.proof).toMatchObject({ total: 5 });
    world.net.join(...world.peers(4, chain));
    await world.clock.untilTrue(proven);
    expect(world.chain.checked).toMatchObject({ electionBlocks: 5 });
  });

  it('waits for the stored records, and uses them', async () => {
    const chain = longChain(6);
    const head = chain.at(electionOf(4));
    const record = { origin: 'genesis', from: { height: 200, hash: unitAlbatross.genesisHash }, head: { block: head.block as never, hash: head.hash, peer: '' }, proof: undefined, checked: { ...nothingChecked, electionBlocks: 4, justifications: 4 } } as const;
    const { verify, seen } = counting();
    let settle = () => {};
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const records: ProofRecord[] = [];
    await begin({ verify, stored: { chain: chain.copy(), anchor: unchecked }, keeper: { records, settled } });
    world.net.join(...world.peers(4, chain));
    await live();
    expect(seen.size).toBe(0);
    records.push(record);
    settle();
    await world.clock.untilTrue(() => world.sync.anchor.unchecked === undefined);
    expect(seen.size).toBe(2);
    expect(world.chain.checked).toMatchObject({ electionBlocks: 6 });
  });
});
