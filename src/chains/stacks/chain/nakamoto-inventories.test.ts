import { describe, expect, it } from 'vitest';
import type { PeerMessage } from '../wire/peer-message.ts';
import { BURST_DELAY, INVENTORY_INTERVAL, NakamotoInventories } from './nakamoto-inventories.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
const hashOf = (cycle: number) => cycle.toString(16).padStart(40, '0');
const inv = (bits: number): PeerMessage => ({ kind: 'NakamotoInv', tenures: { length: 8, bytes: Uint8Array.of(bits) } });
const world = (topCycle = 6) => {
  const machine = new NakamotoInventories({ rules, firstCycle: 4, askedHash: (cycle) => (cycle > topCycle ? undefined : hashOf(cycle)) });
  machine.onSortition(topCycle, topCycle, -BURST_DELAY);
  machine.poll(0, false);
  return machine;
};
const cyclesOf = (machine: NakamotoInventories, now: number, isInitial = false) => machine.poll(now, isInitial).map(({ peer, cycle }) => `${peer}${cycle}`);
/** Answers everything until the machine asks nothing more; what was asked. */
const run = (machine: NakamotoInventories, now: number, answer: PeerMessage) => {
  const asked: string[] = [];
  for (let requests = machine.poll(now, false); requests.length > 0; requests = machine.poll(now, false)) {
    for (const { peer, cycle } of requests) {
      asked.push(`${peer}${cycle}`);
      machine.receive(peer, cycle, answer);
    }
  }
  return asked;
};

describe('NakamotoInvStateMachine', () => {
  it('has one request in flight a peer, and goes from the first Nakamoto cycle to the newest', () => {
    const machine = world();
    machine.add('a', false, 0);
    expect(machine.add('a', false, 0)).toBe(false);
    const [request] = machine.poll(0, false);
    expect(request).toEqual({ peer: 'a', cycle: 4, message: { kind: 'GetNakamotoInv', consensusHash: hashOf(4) } });
    expect(cyclesOf(machine, 1)).toEqual([]);
    machine.receive('a', 4, inv(0b101));
    expect(cyclesOf(machine, 2)).toEqual(['a5']);
    machine.receive('a', 5, inv(0));
    expect(run(machine, 3, inv(1))).toEqual(['a6']);
    expect([40, 41, 42, 50, 60].map((height) => machine.inventoryOf('a')!.has(height))).toEqual([true, false, true, false, true]);
    expect(machine.servedBy(42)).toEqual(['a']);
  });

  it('rests until 150 s after the start of a pass, and begins two cycles below the newest', () => {
    const machine = world(9);
    machine.add('a', false, 0);
    expect(run(machine, 5, inv(1))).toEqual(['a4', 'a5', 'a6', 'a7', 'a8', 'a9']);
    expect(cyclesOf(machine, INVENTORY_INTERVAL - 1)).toEqual([]);
    expect(run(machine, INVENTORY_INTERVAL, inv(0))).toEqual(['a7', 'a8', 'a9']);
    // A later reply with fewer bits lowers them.
    expect(machine.inventoryOf('a')!.has(90)).toBe(false);
    expect(machine.inventoryOf('a')!.has(40)).toBe(true);
  });

  it('keeps a peer after Nack 2, parks it after another and after a timeout, until its next pass', () => {
    const machine = world(9);
    for (const peer of ['a', 'b', 'c']) machine.add(peer, false, 0);
    machine.poll(0, false);
    expect(machine.receive('a', 4, { kind: 'Nack', code: 2 })).toBe('ok');
    expect(machine.receive('b', 4, { kind: 'Nack', code: 4 })).toBe('ok');
    machine.onTimeout('c');
    expect(cyclesOf(machine, INVENTORY_INTERVAL - 1)).toEqual([]);
    expect(cyclesOf(machine, INVENTORY_INTERVAL)).toEqual(['a7', 'b7', 'c7']);
  });

  it('disconnects a peer that answers anything else, or more bits than a cycle has', () => {
    const machine = world();
    for (const peer of ['a', 'b']) machine.add(peer, false, 0);
    machine.poll(0, false);
    expect(machine.receive('a', 4, { kind: 'Pong', nonce: 1 })).toBe('disconnect');
    expect(machine.receive('b', 4, { kind: 'NakamotoInv', tenures: { length: 11, bytes: new Uint8Array(2) } })).toBe('disconnect');
    expect(machine.inventoryOf('a')).toBeUndefined();
    expect(machine.receive('a', 4, inv(1))).toBe('ok');
    machine.onTimeout('a');
    expect(cyclesOf(machine, INVENTORY_INTERVAL)).toEqual([]);
  });

  it('asks only bootstrap peers in the initial download, and no cycle whose hash is not known', () => {
    const machine = world(4);
    machine.add('a', false, 0);
    machine.add('b', true, 0);
    expect(cyclesOf(machine, 0, true)).toEqual(['b4']);
    expect(cyclesOf(machine, 0)).toEqual(['a4']);
    machine.onSortition(4, 5, 0);
    machine.receive('a', 4, inv(0));
    expect(cyclesOf(machine, 1)).toEqual([]);
  });

  it('has a bound of peers', () => {
    const machine = world();
    for (let i = 0; i < 128; i += 1) expect(machine.add(String(i), false, 0)).toBe(true);
    expect(machine.add('128', false, 0)).toBe(false);
    machine.remove('5');
    expect(machine.add('128', false, 0)).toBe(true);
  });
});

describe('burst mode', () => {
  it('asks all peers once, a second after a new sortition, from the tip cycle - 1, and not again', () => {
    const machine = world();
    for (const peer of ['a', 'b']) machine.add(peer, false, 0);
    run(machine, 0, inv(1));
    machine.onSortition(6, 6, 10_000);
    expect(cyclesOf(machine, 10_000 + BURST_DELAY - 1)).toEqual([]);
    expect(run(machine, 10_000 + BURST_DELAY, inv(1))).toEqual(['a5', 'b5', 'a6', 'b6']);
    expect(cyclesOf(machine, 20_000)).toEqual([]);
  });

  it('does not lose the cycles that a peer in its first pass has not been asked for', () => {
    const machine = world(9);
    machine.add('a', false, 0);
    machine.poll(0, false);
    machine.onSortition(9, 9, 0);
    machine.receive('a', 4, inv(1));
    expect(run(machine, BURST_DELAY, inv(1))).toEqual(['a5', 'a6', 'a7', 'a8', 'a9']);
  });

  it('takes a late reply for another cycle without skipping the one that is asked', () => {
    const machine = world();
    machine.add('a', false, 0);
    run(machine, 0, inv(1));
    machine.onSortition(6, 6, 0);
    expect(cyclesOf(machine, BURST_DELAY)).toEqual(['a5']);
    machine.receive('a', 4, inv(0b10));
    expect(machine.inventoryOf('a')!.has(41)).toBe(true);
    expect(cyclesOf(machine, BURST_DELAY)).toEqual(['a5']);
  });

  it('takes a stale inventory anew when the sortition tip changes, and keeps the older cycles (edge 4)', () => {
    const machine = world();
    machine.add('a', false, 0);
    run(machine, 0, inv(0b11));
    machine.onSortition(6, 6, 0);
    expect(run(machine, BURST_DELAY, inv(0b10))).toEqual(['a5', 'a6']);
    expect([40, 50, 60].map((height) => machine.inventoryOf('a')!.has(height))).toEqual([true, false, false]);
  });
});
