import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature, withPoisonedValidators } from '../../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.end());

const poisonersKey = new Uint8Array(32).fill(7);

/** The chain of a forger that puts its own signing key into the election block and then signs with it. */
function usurped(chain: FakeChain, height: number): FakeChain {
  const election = chain.electionHead;
  const { elect } = chain.era;
  const own = chain.fork(election.height, 67, { elect: (epoch) => elect(epoch).map((validator) => ({ ...validator, signingKey: poisonersKey })) }).growTo(height);
  const blocks = Array.from({ length: height - 199 }, (_, index) => own.at(200 + index));
  return new FakeChain(67, blocks.map((block): FakeBlock => (block.height === election.height ? withPoisonedValidators(block) : block)), own.era);
}

/** Grows the chain; each of these peers announces each block. */
async function grow(chain: FakeChain, to: number, honest: readonly FakePeer[]): Promise<void> {
  while (chain.head.height < to) {
    chain.growTo(chain.head.height + 1);
    for (const peer of honest) await world.clock.until(world.net.announce(peer, chain.head));
    await world.clock.advance(1000);
  }
}

describe('a validator list in dispute', () => {
  it('is decided by the blocks of a batch that is already final', async () => {
    const chain = new FakeChain().growTo(500);
    world = await new SyncWorld().start();
    world.net.join(...world.peers(3, chain), new FakePeer('liar', chain, { twists: { block: ({ hash }, honest) => (hash === chain.electionHead.hash ? { ok: true, value: withPoisonedValidators(chain.electionHead).block } : honest()) } }));
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash && world.net.lies.length > 0);
    expect(world.net.lies).toEqual(['liar validators-differ']);
    expect(world.chain.keys.lists).toHaveLength(1);
  });

  it('issue 11: is decided although peers withhold the batch: other peers are asked at the same time', async () => {
    const chain = new FakeChain().growTo(500);
    world = await new SyncWorld().start();
    const silent = world.peers(5, chain, { latency: 1, twists: { 'missing-blocks': () => 'stall' } }, 'silent');
    world.net.join(...silent, new FakePeer('liar', chain, { latency: 0, twists: { block: ({ hash }, honest) => (hash === chain.electionHead.hash ? { ok: true, value: withPoisonedValidators(chain.electionHead).block } : honest()), 'missing-blocks': () => 'stall' } }), ...world.peers(1, chain));
    await world.clock.untilTrue(() => world.net.lies.length > 0);
    expect(world.net.lies).toEqual(['liar validators-differ']);
    const first = world.net.asked('missing-blocks').find(({ body }) => body.locators.length === 1)!;
    expect(world.clock.monotonic() - first.at).toBeLessThan(20_000);
  });

  it('issue 11: is decided although the first peers asked do not have the batch: other peers are asked next', async () => {
    const chain = new FakeChain().growTo(500);
    const ofBatch: FakePeerOptions['twists'] = { 'missing-blocks': () => ({ ok: false, error: 'TargetHashNotFound' }) };
    world = await new SyncWorld().start();
    const poor = world.peers(8, chain, { latency: 1, twists: ofBatch }, 'poor');
    world.net.join(...poor, new FakePeer('liar', chain, { latency: 0, twists: { block: ({ hash }, honest) => (hash === chain.electionHead.hash ? { ok: true, value: withPoisonedValidators(chain.electionHead).block } : honest()), ...ofBatch } }), ...world.peers(2, chain));
    await world.clock.advance(60_000);
    expect(world.net.lies).toEqual(['liar validators-differ']);
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('is not followed before a macro block; then the peer that signs its own blocks is banned', async () => {
    const chain = new FakeChain().growTo(460);
    const own = usurped(chain, 460);
    world = await new SyncWorld().start();
    const honest = world.peers(2, chain);
    const liars = world.peers(2, own, { latency: 1 }, 'liar');
    world.net.join(...liars, ...honest);
    const followed = new Set<number>();
    for (let height = 461; height < 488; height += 1) {
      own.growTo(height);
      for (const liar of liars) await world.clock.until(world.net.announce(liar, own.head));
      await grow(chain, height, honest);
      followed.add(world.chain.head.height);
    }
    // The first seconds pass while the client waits for more witnesses.
    expect(followed).toEqual(new Set([200, 456]));
    expect(world.net.lies).toEqual([]);
    expect(world.sync.reason).toEqual({ code: 'validator-list-undecided', data: { height: 456 } });
    await grow(chain, 489, honest);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.net.lies.toSorted()).toEqual(['liar0 validators-differ', 'liar1 validators-differ']);
    expect(world.chain.validators).toEqual(chain.signers);
    expect(world.chain.pendingProven).toBe(true);
  });

  it('is followed as pending when there is only one list; then honest blocks refute it, and no honest peer is banned', async () => {
    const chain = new FakeChain().growTo(460);
    const own = usurped(chain, 460);
    world = await new SyncWorld({ settings: { minPeers: 1 } }).start();
    const liar = new FakePeer('liar', own);
    world.net.join(liar);
    await world.clock.untilTrue(() => world.chain.head.hash === own.head.hash);
    expect(world.chain.pendingProven).toBe(false);
    // At first they do not send their copy.
    const honest = world.peers(3, chain, { twists: { block: () => 'stall' } });
    world.net.join(...honest);
    await grow(chain, 470, honest);
    expect(world.net.lies).toEqual([]);
    for (const peer of honest) peer.twists = {};
    await grow(chain, 491, honest);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.net.lies).toEqual(['liar validators-differ']);
    expect(world.chain.validators).toEqual(chain.signers);
  });

  it('is found to be poisoned in the store, too', async () => {
    const chain = new FakeChain().growTo(460);
    const own = usurped(chain, 460);
    const anchor = { kind: 'genesis', height: 200, hash: chain.at(200).hash, witnesses: [], fewWitnesses: false } as const;
    world = await new SyncWorld({ stored: { chain: own, anchor } }).start();
    const honest = world.peers(3, chain);
    world.net.join(...honest);
    await grow(chain, 490, honest);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(world.net.lies).toEqual([]);
    expect(world.chain.validators).toEqual(chain.signers);
  });

  it('starts as soon as the second list arrives, even if other peers have not answered yet', async () => {
    const chain = new FakeChain().growTo(460);
    const own = usurped(chain, 460);
    world = await new SyncWorld({ stored: { chain: own } }).start();
    world.net.join(new FakePeer('stalling', chain, { twists: { block: () => 'stall' } }), new FakePeer('liar', own), ...world.peers(1, chain));
    await world.clock.advance(1000);
    expect(world.chain.keys.disputed).toBe(true);
    expect(world.chain.head.height).toBe(456);
  });

  it('delays blame for a bad signature until the key is proven', async () => {
    const chain = new FakeChain().growTo(460);
    world = await new SyncWorld().start();
    const honest = world.peers(3, chain);
    const liar = new FakePeer('liar', chain);
    world.net.join(...honest, liar);
    await world.established();
    chain.growTo(461);
    await world.clock.until(world.net.announce(liar, withBadSignature(chain.head)));
    expect(world.net.lies).toEqual([]);
    expect(world.sync.phase).toBe('waiting');
    await world.clock.until(world.net.announce(honest[0]!, chain.head));
    expect(world.sync.phase).toBe('established');
    await grow(chain, 489, honest);
    await world.clock.advance(10_000);
    expect(world.net.lies).toEqual(['liar invalid-signature']);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.sync.phase).toBe('established');
    chain.growTo(490);
    await world.clock.until(world.net.announce(honest[0]!, withBadSignature(chain.head)));
    expect(world.net.lies).toEqual(['liar invalid-signature', 'p0 invalid-signature']);
  });
});
