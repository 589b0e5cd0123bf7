import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakeNet, FakePeer } from '../../../../../test/support/fake-net.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import { Tasks } from '../../../../base/tasks.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { Asker } from '../ask/asker.ts';
import { HeadRounds } from './head-rounds.ts';

const chain = new FakeChain().growTo(220);

function make(peers: FakePeer[], fits: (peer: string) => boolean = () => true, timeout = 1000) {
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
    asker: new Asker({ net, genesis: unitAlbatross.genesisHash, clock, timeout, report: (peer, report) => net.report(peer, report) }),
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

  const silentNamers = (count: number) => Array.from({ length: count }, (_, at) => new FakePeer(`s${at}`, chain.copy(215), { latency: 1, twists: { block: () => 'stall' } }));

  it('issue 11: six peers that name the head and keep it back cost seven seconds once, and then nothing', async () => {
    const world = make([...silentNamers(6), new FakePeer('honest', chain.copy(215), { latency: 50 })], undefined, 8000);
    world.headRounds.start();
    await world.clock.untilTrue(() => world.blocks.length > 0);
    expect(world.clock.monotonic()).toBeLessThanOrEqual(7200);
    const next = world.clock.monotonic();
    await world.clock.untilTrue(() => world.blocks.length > 1);
    // The interval, and one answer.
    expect(world.clock.monotonic() - next).toBeLessThan(5200);
    expect(world.net.reports.filter(({ kind }) => kind === 'overtaken').map(({ peer }) => peer)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5']);
  });

  it('issue 11: a peer that does not say its head delays the round by two seconds, and is asked one question at a time', async () => {
    const world = make([new FakePeer('mute', chain, { twists: { head: () => 'stall' } }), new FakePeer('a', chain.copy(210), { latency: 50 })], undefined, 8000);
    world.headRounds.start();
    await world.clock.advance(2100);
    expect(world.rounds).toEqual([[1, 0]]);
    await world.clock.advance(5900);
    expect(world.rounds).toEqual([[1, 0], [1, 0]]);
    expect(world.net.asked('head').filter(({ peer }) => peer === 'mute')).toHaveLength(1);
    expect(world.silent).toEqual(['mute']);
  });

  it('issue 11: has no peer keep more than two requests for heads open', async () => {
    const growing = chain.copy(212);
    const liar = new FakePeer('liar', growing, { latency: 1, twists: { block: () => 'stall' } });
    const world = make([liar, new FakePeer('a', chain.copy(210), { latency: 50 })], undefined, 20_000);
    world.headRounds.start();
    for (let height = 213; height < 220; height += 1) {
      await world.clock.advance(5000);
      growing.growTo(height);
    }
    expect(world.net.asked('block').length).toBeGreaterThan(1);
    expect(world.net.mostRunning).toBeLessThanOrEqual(4);
  });

  it('issue 11: on a slow line the head is asked of one peer only, once it is known how slow the line is', async () => {
    const world = make(Array.from({ length: 6 }, (_, at) => new FakePeer(`p${at}`, chain.copy(215), { latency: 5000 + at })), undefined, 8000);
    world.headRounds.start();
    await world.clock.advance(21_000);
    expect(world.blocks.length).toBeGreaterThan(0);
    expect(world.net.asked('block')).toHaveLength(world.blocks.length);
    expect(world.net.reports).toEqual([]);
  });
});
