import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature } from '../../../../../test/support/fake-chain.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../../test/support/sync-world.ts';
import type { ZkpResponse } from '../../wire/requests.ts';
import type { MacroBlock } from '../../wire/types.ts';

let world: SyncWorld;
afterEach(() => world.end());

const electionOf = (epoch: number) => 200 + 128 * epoch;
const begin = async (options: WorldOptions = {}) => (world = await new SyncWorld({ prove: true, ...options }).start());
const proven = () => world.sync.anchor.kind === 'genesis' && world.chain.head.height > 200;
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
  it('three liars deceive the client while it has no other peer; five honest peers come later', async () => {
    const chain = new FakeChain().growTo(electionOf(3) + 20);
    const grown = chain.fork(electionOf(3), 77).growTo(electionOf(6) + 10);
    const forged = new FakeChain(77, Array.from({ length: grown.head.height - 199 }, (_, n) => (200 + n === electionOf(4) ? withBadSignature(grown.at(200 + n)) : grown.at(200 + n))));
    await begin();
    world.net.join(...world.peers(3, forged, {}, 'liar'));
    await world.established();
    await world.clock.untilTrue(() => world.notices.includes('past-in-doubt'));
    const honest = world.peers(5, chain, {}, 'honest');
    world.net.join(...honest);
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash, 3_600_000);
  });
});
