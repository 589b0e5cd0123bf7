import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature } from '../../../../test/support/fake-chain.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.end());

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

  it("a peer's lie counts even if it has left before it is judged", async () => {
    const { peers } = await inConsensus(8);
    const gone = peers.slice(0, 3);
    for (const { id } of gone) world.net.leave(id);
    for (const { id } of gone) world.sync.report(id, { kind: 'lie', code: 'invalid-seed', evidence: { height: 251, hash: 'aa' } });
    expect(world.net.banned).toEqual([]);
    expect(world.notices).toContain('client-in-doubt');
  });

  it('a second lie of a banned peer that has left changes nothing, so its ban can still be lifted', async () => {
    const { peers } = await inConsensus(8);
    const lie = (peer: number, code: string) => world.sync.report(peers[peer]!.id, { kind: 'lie', code, evidence: { height: 251, hash: 'aa' } });
    lie(0, 'invalid-seed');
    expect(world.states()[peers[0]!.id]).toBeUndefined();
    lie(0, 'wrong-block');
    lie(1, 'invalid-seed');
    lie(2, 'invalid-seed');
    await world.clock.advance(1000);
    expect(world.notices).toContain('client-in-doubt');
    expect(world.net.banned).toEqual([]);
  });

  it('a proven lie is never pardoned, whatever else is in doubt', async () => {
    const { peers, forged } = await inConsensus(8);
    const [first, second, third] = peers;
    await world.clock.until(world.net.announce(first!, forged));
    world.sync.report(first!.id, { kind: 'lie', code: 'false-witness', evidence: { height: 200 } });
    for (const peer of [second!, third!]) await world.clock.until(world.net.announce(peer, forged));
    expect(world.net.banned).toContain(first!.id);
    // A peer that was put aside is banned for a proven lie, too.
    for (const peer of peers.slice(3, 6)) world.sync.report(peer.id, { kind: 'lie', code: 'invalid-seed', evidence: { height: 252, hash: 'bb' } });
    expect(world.states()[peers[4]!.id]).toBe('aside');
    world.sync.report(peers[4]!.id, { kind: 'lie', code: 'other-final-block', evidence: { height: 232 } });
    expect(world.net.banned).toContain(peers[4]!.id);
  });
});
