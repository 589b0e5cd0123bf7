import { describe, expect, it } from 'vitest';
import { AntiEntropy, connectionsToClose, PUSH_INTERVAL } from './anti-entropy.ts';

describe('AntiEntropy', () => {
  it('pushes a block once a peer and hour, and nothing in the initial download', () => {
    const machine = new AntiEntropy();
    expect(machine.pushes('a', ['1', '2'], 0, true)).toEqual([]);
    expect(machine.pushes('a', ['1', '2'], 0, false)).toEqual(['1', '2']);
    expect(machine.pushes('a', ['1', '2', '3'], PUSH_INTERVAL - 1, false)).toEqual(['3']);
    expect(machine.pushes('b', ['1'], 1, false)).toEqual(['1']);
    expect(machine.pushes('a', ['1', '3'], PUSH_INTERVAL, false)).toEqual(['1']);
  });

  it('forgets the oldest push at its bound', () => {
    const machine = new AntiEntropy();
    const many = Array.from({ length: 10_001 }, (_, i) => String(i));
    machine.pushes('a', many, 0, false);
    expect(machine.pushes('a', ['0', '10000'], 1, false)).toEqual(['0']);
  });
});

describe('Prune', () => {
  const connections = [
    { peer: 'a', isPinned: false, usedAt: 5 },
    { peer: 'b', isPinned: true, usedAt: 1 },
    { peer: 'c', isPinned: false, usedAt: 2 },
    { peer: 'd', isPinned: false, usedAt: 9 },
  ];

  it('closes down to the limit, the unused first, and keeps what is in use', () => {
    expect(connectionsToClose(connections, 4)).toEqual([]);
    expect(connectionsToClose(connections, 2)).toEqual(['c', 'a']);
    expect(connectionsToClose(connections, 0)).toEqual(['c', 'a', 'd']);
  });
});
