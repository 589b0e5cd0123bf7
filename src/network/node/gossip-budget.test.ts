import { describe, expect, it } from 'vitest';
import { SettlingClock } from '../../../test/support/settling-clock.ts';
import { GossipBudget } from './gossip-budget.ts';

describe('issue 11.8: the amount of useless gossip allowed to a peer', () => {
  it('is three megabytes of unreadable messages in ten minutes, each counted as at least a kilobyte', () => {
    const clock = new SettlingClock();
    const budget = new GossipBudget(clock);
    expect([1, 2, 3, 4].map(() => budget.count('a', 'undecodable', 1_000_000))).toEqual([undefined, undefined, undefined, 'gossip-garbage']);
    expect(budget.count('b', 'undecodable', 1_000_000)).toBeUndefined();
    let sent = 0;
    while (budget.count('c', 'undecodable', 1) === undefined) sent += 1;
    expect(sent).toBe(2929);
    clock.advance(600_000);
    expect(budget.count('a', 'undecodable', 1_000_000)).toBeUndefined();
  });

  it('is not reached by a network of a newer version, by a peer that passes on messages padded by others, or by a busy day', () => {
    const clock = new SettlingClock();
    const budget = new GossipBudget(clock);
    const seen = new Set<unknown>();
    for (let second = 0; second < 3600; second += 1) {
      clock.advance(1000);
      seen.add(budget.count('newer', 'undecodable', 400)).add(budget.count('relay', 'padded', 10_000)).add(budget.count('busy', 'read', 3400));
      if (second % 600 === 0) seen.add(budget.count('newer', 'undecodable', 180_000));
    }
    expect([...seen]).toEqual([undefined]);
    expect(budget.count('flood', 'read', 64_000_001)).toBe('gossip-flood');
    expect(budget.count('relay', 'padded', 8_000_000)).toBe('gossip-padded');
  });
});
