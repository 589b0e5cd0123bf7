import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, withBadSignature } from '../../../test/support/fake-chain.ts';
import type { FakePeerOptions } from '../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../test/support/sync-world.ts';
import type { Verify } from '../../crypto/jobs.ts';
import { toHex } from '../wire/bytes.ts';
import type { MacroHeader } from '../wire/types.ts';
import { voteSigHash } from '../chain/hashes.ts';

let world: SyncWorld;
afterEach(() => world.end());

const EPOCH = 128;
/** An election block that the client verifies in the background, long before where its chain begins. */
const OLD = 200 + 3 * EPOCH;

/** Many blocks later, with all peers announcing each. */
async function live(chain: FakeChain, peers: Parameters<SyncWorld['live']>[2], blocks: number): Promise<void> {
  await world.live(chain, chain.head.height + blocks, peers);
}

describe('an error of ours about the past', () => {
  /** Ours: that block cannot be read. */
  const unreadable = (hash: string): FakePeerOptions => ({ twists: { block: (asked, honest) => (asked.hash === hash ? { fail: 'malformed' } : honest()) } });

  it.each([4, 5, 8])('that %i honest peers run into, because we cannot read a block, bans nobody at the end, and new blocks are followed', async (count) => {
    const chain = new FakeChain().growTo(200 + 6 * EPOCH + 40);
    world = await new SyncWorld({ prove: true }).start();
    const peers = world.peers(count, chain, unreadable(chain.at(OLD).hash), 'honest');
    world.net.join(...peers);
    await world.established();
    await live(chain, peers, 100);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toContain('past-in-doubt');
    expect(Object.values(world.states()).every((state) => state === 'live')).toBe(true);
    expect(world.sync.phase).toBe('established');
  });

  it.each([4, 8])('that %i honest peers run into, because we refuse a justification, bans nobody at the end either', async (count) => {
    const chain = new FakeChain().growTo(200 + 6 * EPOCH + 40);
    const refused = toHex(voteSigHash(chain.at(OLD).block.header as MacroHeader, 0));
    const verify: Verify = (job, options) => {
      const at = job.kind === 'justifications' ? job.items.findIndex(({ sigHash }) => toHex(sigHash) === refused) : -1;
      return at < 0 ? fakeVerify(job, options) : Promise.resolve({ valid: false, failure: 'multi-signature', at, decoded: [] });
    };
    world = await new SyncWorld({ prove: true, verify }).start();
    const peers = world.peers(count, chain, {}, 'honest');
    world.net.join(...peers);
    await world.established();
    await live(chain, peers, 300);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toContain('past-in-doubt');
    expect(world.sync.anchor.kind).toBe('witnesses');
  });
});

describe('whose lie counts', () => {
  async function inConsensus(count: number): Promise<{ chain: FakeChain; peers: ReturnType<SyncWorld['peers']>; forged: ReturnType<typeof withBadSignature> }> {
    world = await new SyncWorld().start();
    const chain = new FakeChain().growTo(250);
    const peers = world.peers(count, chain, {}, 'peer');
    world.net.join(...peers);
    await world.established();
    await world.clock.untilTrue(() => world.chain.head.height === 250 && world.sync.peers.every(({ state }) => state === 'live'));
    return { chain, peers, forged: withBadSignature(chain.fork(250, 60).growTo(251).head) };
  }

  it('also that of a peer which has left before it is judged', async () => {
    const { peers } = await inConsensus(8);
    const gone = peers.slice(0, 3);
    for (const { id } of gone) world.net.leave(id);
    for (const { id } of gone) world.sync.report(id, { kind: 'lie', code: 'invalid-seed', evidence: { height: 251, hash: 'aa' } });
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toContain('client-in-doubt');
  });

  it('and for one that is proven nobody is pardoned, whatever else is doubted', async () => {
    const { peers, forged } = await inConsensus(8);
    const [first, second, third] = peers;
    await world.clock.until(world.net.announce(first!, forged));
    world.sync.report(first!.id, { kind: 'lie', code: 'false-witness', evidence: { height: 200 } });
    for (const peer of [second!, third!]) await world.clock.until(world.net.announce(peer, forged));
    expect(world.net.banned).toContain(first!.id);
    // One that is kept aside is banned for it, too.
    for (const peer of peers.slice(3, 6)) world.sync.report(peer.id, { kind: 'lie', code: 'invalid-seed', evidence: { height: 252, hash: 'bb' } });
    expect(world.states()[peers[4]!.id]).toBe('aside');
    world.sync.report(peers[4]!.id, { kind: 'lie', code: 'other-final-block', evidence: { height: 232 } });
    expect(world.net.banned).toContain(peers[4]!.id);
  });
});
