import { describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature, withPoisonedValidators } from '../../../../test/support/fake-chain.ts';
import { FakePeer, seededRandom } from '../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';

/** Kinds of bad or useless peers. `chain` is the honest chain, `other` a forged one. */
const characters: ((chain: FakeChain, other: FakeChain) => { readonly chain?: FakeChain; readonly options: FakePeerOptions })[] = [
  () => ({ options: { twists: { head: () => 'stall' } } }),
  () => ({ options: { twists: { block: () => 'stall', 'missing-blocks': () => 'stall', 'macro-chain': () => 'stall' } } }),
  () => ({ options: { twists: { 'missing-blocks': () => ({ ok: true, value: { blocks: [] } }) } } }),
  () => ({ options: { twists: { head: () => ({ fail: 'malformed' }) } } }),
  (chain) => ({ options: { twists: { block: () => ({ ok: true, value: chain.at(201).block }) } } }),
  (chain) => ({ options: { twists: { block: ({ hash }, honest) => (hash === chain.electionHead.hash ? { ok: true, value: withPoisonedValidators(chain.electionHead).block } : honest()) } } }),
  (chain) => ({ options: { twists: { 'missing-blocks': (_, honest) => {
    const answer = honest();
    return answer.ok ? { ok: true, value: { blocks: answer.value.blocks.map((block) => withBadSignature({ block, hash: '', height: 0 }).block) } } : answer;
  } } }, chain }),
  (_, other) => ({ chain: other, options: {} }),
  (chain) => ({ chain: chain.copy(Math.max(201, chain.head.height - 150)), options: {} }),
  () => ({ options: { services: 0 } }),
  (chain) => ({ options: { twists: { head: (_, honest) => ({ ...honest(), blockNumber: chain.head.height + 64 }) } } }),
];

/** A chain as a forger without keys makes it: well-formed, with bad signatures. */
function forgery(length: number): FakeChain {
  const chain = new FakeChain(77).growTo(length);
  return new FakeChain(77, Array.from({ length: length - 199 }, (_, i) => (i > 0 ? withBadSignature(chain.at(200 + i)) : chain.at(200))));
}

describe('worlds with four honest peers and some bad ones', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('seed %i: follows the honest chain and bans no honest peer', async (seed) => {
    const random = seededRandom(seed * 7919 + 1);
    const below = (n: number) => Math.floor(random.next() * n);
    const start = 205 + below(500);
    const chain = new FakeChain().growTo(start);
    const world = await new SyncWorld({ seed, ...(seed % 3 === 0 && start > 260 ? { stored: { chain: chain.copy(start - below(50)) } } : {}) }).start();
    const honest = world.peers(4, chain, {}, 'honest');
    const others = Array.from({ length: 3 }, (_, index) => {
      const { chain: own, options } = characters[below(characters.length)]!(chain, forgery(start));
      return new FakePeer(`other${index}`, own ?? chain, options);
    });
    for (const peer of [...honest, ...others].toSorted(() => random.next() - 0.5)) {
      world.net.join(peer);
      await world.clock.advance(below(400));
    }
    const there = () => world.sync.consensus === 'established' && world.chain.head.hash === chain.head.hash;
    await world.clock.untilTrue(() => there() || world.chain.undecided !== undefined);
    // The following blocks decide a disputed validator list.
    while (!there() && chain.head.height < start + 64) await world.live(chain, chain.head.height + 1, honest);
    await world.clock.untilTrue(there);
    for (let step = 0; step < 40; step += 1) {
      chain.growTo(chain.head.height + 1);
      const from = honest[below(4)]!;
      if (random.next() < 0.8) await world.clock.until(world.net.announce(from, chain.head));
      if (random.next() < 0.1) {
        world.net.leave(from.id);
        await world.clock.advance(below(3000));
        world.net.join(from);
      }
      const other = others[below(3)]!;
      if (random.next() < 0.3) void world.net.announce(other, random.next() < 0.5 ? withBadSignature(chain.head) : other.chain.head);
      await world.clock.advance(1000);
    }
    await world.clock.advance(70_000);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.lies.filter((lie) => lie.startsWith('honest'))).toEqual([]);
    expect(world.net.dropped.filter(({ peer }) => peer.startsWith('honest'))).toEqual([]);
    expect(world.sync.consensus).toBe('established');
    expect(world.abandoned).toEqual([]);
    await world.end();
  });
});
