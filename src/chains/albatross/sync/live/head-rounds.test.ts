import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakeNet, FakePeer } from '../../../../../test/support/fake-net.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import { Tasks } from '../../../../base/tasks.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { Asker } from '../ask/asker.ts';
import { HeadRounds } from './head-rounds.ts';

const chain = new FakeChain().growTo(220);

function make(peers: FakePeer[], fits: (peer: string) => boolean = () => true) {
  const clock = new VirtualClock();
  const net = new FakeNet(clock);
  net.join(...peers);
  const rounds: [number, number][] = [];
  const blocks: number[] = [];
  const silent: string[] = [];
  const tasks = new Tasks((error) => {
    throw error;
  });
  const headRounds = new HeadRounds({
    chain: { has: (hash) => (chain.byHash(hash)?.height ?? 999) <= 210 },
    asker: new Asker({ net, genesis: unitAlbatross.genesisHash, clock, timeout: 1000, report: (peer, report) => net.report(peer, report) }),
    clock,
    tasks,
    interval: 5000,
    live: () => net.peers().map(({ id }) => id),
    onHead: fits,
    onSilence: (peer) => silent.push(peer),
    onBlock: (_, block) => blocks.push(block.header.blockNumber),
    onRound: (known, unknown) => rounds.push([known, unknown]),
  });
  return { clock, net, rounds, blocks, silent, headRounds };
}

describe('HeadRounds', () => {
  it('counts known and unknown heads, and requests each unknown block once', async () => {
    const world = make([new FakePeer('a', chain.copy(210)), new FakePeer('b', chain.copy(215)), new FakePeer('c', chain.copy(215)), new FakePeer('d', chain, { twists: { head: () => 'stall' } })]);
    world.headRounds.start();
    await world.clock.advance(1500);
    expect(world.rounds).toEqual([[1, 2]]);
    expect(world.blocks).toEqual([215]);
    expect(world.silent).toEqual(['d']);
    expect(world.net.asked('block')).toHaveLength(1);
  });

  it('starts the next round after the interval, later when there was progress', async () => {
    const world = make([new FakePeer('a', chain.copy(210), { latency: 1 })]);
    world.headRounds.start();
    await world.clock.advance(10_100);
    expect(world.rounds).toHaveLength(3);
    for (let i = 0; i < 10; i += 1) {
      world.headRounds.progress();
      await world.clock.advance(3000);
    }
    expect(world.rounds).toHaveLength(3);
    world.headRounds.stop();
    await world.clock.advance(20_000);
    expect(world.rounds).toHaveLength(3);
  });

  it('runs one round at a time, and one more when requested meanwhile', async () => {
    const world = make([new FakePeer('a', chain.copy(210), { latency: 100 })]);
    for (let i = 0; i < 5; i += 1) world.headRounds.start();
    await world.clock.advance(1000);
    expect(world.rounds).toHaveLength(2);
  });

  it("does not request a head's block from a peer that does not fit", async () => {
    const world = make([new FakePeer('a', chain.copy(215))], () => false);
    world.headRounds.start();
    await world.clock.advance(1000);
    expect(world.rounds).toEqual([[0, 1]]);
    expect(world.net.asked('block')).toEqual([]);
  });
});
