import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withPoisonedValidators } from '../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../test/support/sync-world.ts';
import { macroVoteHash } from '../chain/hashes.ts';
import type { MacroBlock } from '../wire/types.ts';

/** The light client among other Petrel clients, which serve blocks but are no witnesses. */
let world: SyncWorld;
const begin = async (options?: WorldOptions) => (world = await new SyncWorld(options).start());
afterEach(() => world.end());

const petrels = (count: number, chain: FakeChain, options: FakePeerOptions = {}, name = 'b') => world.peers(count, chain, { witness: false, ...options }, name);

describe('a client that knows only Petrel clients', () => {
  it('issue 11: does not wait for silent nodes, even if many come one after the other', async () => {
    const chain = new FakeChain().growTo(700);
    world = await new SyncWorld().start();
    world.net.join(...world.peers(4, chain, { witness: false }, 'b'));
    for (let n = 0; n < 6; n += 1) {
      world.net.join(new FakePeer(`mute${n}`, chain, { subnet: '9.9.9.0/24', twists: { head: () => 'stall' } }));
      await world.clock.advance(10_000);
    }
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('takes nothing on trust, and verifies the chain from genesis with blocks from them', async () => {
    const chain = new FakeChain().growTo(700);
    await begin();
    world.net.join(...petrels(4, chain));
    await world.clock.advance(4900);
    expect(world.chain.head.height).toBe(200);
    expect(world.sync.phase).toBe('catch-up');
    await world.established();
    expect(world.chain.head.height).toBe(700);
    expect(world.sync.anchor).toMatchObject({ kind: 'genesis', witnesses: [] });
    expect(world.chain.checked.electionBlocks).toBe(3);
    expect(world.notices).toEqual(['no-witnesses']);
    expect(world.net.lies).toEqual([]);
  });

  it('continues from a pinned election block if the release has one', async () => {
    const chain = new FakeChain().growTo(700);
    await begin({ network: { pinnedElection: { hash: chain.at(456).hash } } });
    world.net.join(...petrels(1, chain));
    await world.clock.untilTrue(() => world.chain.head.height === 700);
    expect(world.sync.anchor).toMatchObject({ kind: 'pinned', height: 456 });
    expect(world.sync.reason).toEqual({ code: 'few-peers', data: { live: 1, wanted: 3 } });
  });

  it('needs no witness in the first epoch', async () => {
    const chain = new FakeChain().growTo(290);
    await begin();
    world.net.join(...petrels(3, chain));
    await world.established();
    expect(world.chain.head.height).toBe(290);
    expect(world.notices).toEqual([]);
  });

  it('waits for nodes of the network that have not answered yet', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    world.net.join(...petrels(2, chain), ...world.peers(3, chain, { latency: 3000 }));
    await world.clock.untilTrue(() => world.chain.head.height === 500);
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', height: 456 });
    expect(world.notices).not.toContain('no-witnesses');
    // Until the slow answers to all requests have arrived.
    await world.clock.advance(5000);
  });

  it('finds out when all of them lie', async () => {
    const forged = new FakeChain(9).growTo(500);
    const unsigned = forged.at(328);
    const { block } = unsigned;
    if (block.type !== 'macro') throw new Error('no macro block');
    const bad = { ...block, justification: { round: 0, sig: { ...block.justification!.sig, signature: new Uint8Array(95) } } };
    await begin();
    world.net.join(...petrels(4, forged, { twists: { block: ({ hash }, honest) => (hash === unsigned.hash ? { ok: true, value: bad } : honest()) } }));
    await world.clock.untilTrue(() => world.net.lies.length === 4);
    expect(world.chain.head.height).toBe(200);
  });

  it('drops clients that cannot serve the way, and uses one that can', async () => {
    const chain = new FakeChain().growTo(700);
    await begin();
    // This is how a client answers that started an epoch ago.
    world.net.join(...petrels(2, chain, { twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } }, 'new'));
    await world.clock.untilTrue(() => world.net.dropped.length === 2);
    expect(world.net.dropped.map(({ reason }) => reason)).toEqual(['nothing-to-give', 'nothing-to-give']);
    expect(world.net.lies).toEqual([]);
    world.net.join(...petrels(1, chain, {}, 'old'));
    await world.clock.untilTrue(() => world.chain.head.height === 700);
  });
});

describe('zero-knowledge proofs of Petrel clients', () => {
  it('are also used by a client that had found no other way before', async () => {
    const chain = new FakeChain().growTo(600);
    const block = chain.at(584).block as MacroBlock;
    const proof = new Uint8Array(475);
    proof.set(macroVoteHash(block.header));
    const noWay: FakePeerOptions['twists'] = { 'macro-chain': ({ locators }, honest) => (locators.includes(chain.at(200).hash) ? { ok: false, error: 'Other' } : honest()) };
    await begin();
    world.net.join(...petrels(1, chain, { twists: noWay }, 'without'));
    await world.clock.untilTrue(() => world.net.dropped.length === 1);
    world.net.join(...petrels(1, chain, { twists: { ...noWay, zkp: () => ({ type: 'proof', proof: { blockNumber: 584, proof }, block }) } }, 'with'));
    await world.clock.untilTrue(() => world.chain.head.height === 600);
    expect(world.sync.anchor).toMatchObject({ kind: 'genesis', proof: { height: 584 } });
    expect(world.net.lies).toEqual([]);
  });
});

describe('a client that also knows nodes of the network', () => {
  it('counts Petrel clients for consensus but not as witnesses', async () => {
    const chain = new FakeChain().growTo(500);
    await begin();
    world.net.join(...petrels(3, chain), ...world.peers(1, chain));
    await world.established();
    expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true, witnesses: [{ peer: 'p0' }] });
    expect(world.states()).toEqual({ b0: 'live', b1: 'live', b2: 'live', p0: 'live' });
  });

  it('compares their validator lists, but trusts those of the nodes', async () => {
    const chain = new FakeChain().growTo(460);
    const poisoned = withPoisonedValidators(chain.at(456));
    const poison: FakePeerOptions = { twists: { block: ({ hash }, honest) => (hash === poisoned.hash ? { ok: true, value: poisoned.block } : honest()) } };
    await begin();
    world.net.join(...petrels(3, chain, poison), ...world.peers(3, chain));
    await world.clock.untilTrue(() => world.chain.head.height >= 456);
    expect(world.chain.electionHead.block.header.validators).toEqual((chain.at(456).block.header as { validators?: unknown }).validators);
    await world.live(chain, 500, world.peers(3, chain));
    await world.clock.untilTrue(() => world.chain.head.height === 500);
    // They could not know better, so this is no lie.
    expect(world.net.lies).toEqual([]);
  });

  it('does not give up its chain because of Petrel clients', async () => {
    const chain = new FakeChain().growTo(480);
    const other = new FakeChain(9).growTo(700);
    const witnesses = [{ peer: 'x', subnet: 'x', saidAt: 1 }];
    await begin({ stored: { chain, anchor: { kind: 'witnesses', height: 456, hash: chain.at(456).hash, witnesses, fewWitnesses: false } } });
    world.net.join(...petrels(5, other));
    await world.clock.advance(120_000);
    expect(world.chain.head.height).toBe(480);
    expect(world.abandoned).toEqual([]);
    expect(world.sync.peers).toEqual([]);
  });

  it('bans Petrel clients that contradict a verified block', async () => {
    const chain = new FakeChain().growTo(290);
    await begin();
    world.net.join(...world.peers(3, chain));
    await world.established();
    world.net.join(...petrels(1, new FakeChain(9).growTo(290), {}, 'liar'));
    await world.clock.untilTrue(() => world.net.lies.length > 0);
    expect(world.net.lies).toEqual(['liar0 other-final-block']);
  });

  it('hears from them that it is too old, and does not believe it', async () => {
    const chain = new FakeChain().growTo(263);
    const next = chain.copy(263);
    next.make({ version: 9 });
    await begin();
    world.net.join(...petrels(4, next));
    await world.clock.advance(120_000);
    expect(world.sync.phase).not.toBe('failed');
  });
});
