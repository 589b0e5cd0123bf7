import { describe, expect, it } from 'vitest';
import { PeerBook } from './peer-book.ts';

function book(settings = { capacity: 4, firstBan: 1000, longestBan: 3000 }) {
  const clock = { time: 0, now: () => 1_000_000 + clock.time, monotonic: () => clock.time };
  return { clock, book: new PeerBook(clock, settings) };
}
const lie = { kind: 'lie', code: 'wrong-block', evidence: { height: 5 } } as const;

describe('PeerBook', () => {
  it('raises and lowers the score by conduct, and lets it fade', () => {
    const { clock, book: b } = book();
    expect(b.score('a')).toBe(50);
    b.report('a', { kind: 'timeout' });
    b.report('a', { kind: 'useless', code: 'empty' });
    expect(b.score('a')).toBe(36);
    b.report('b', { kind: 'useful', bytes: 100 });
    expect(b.rank(['a', 'c', 'b'])).toEqual(['b', 'c', 'a']);
    clock.time = 6_000_000;
    expect(b.score('a')).toBe(50);
  });

  it('issue 11: a silence costs a few points, which a late answer gives back once; it never bans', () => {
    const { book: b } = book();
    expect(b.report('a', { kind: 'overtaken' })).toBeUndefined();
    expect(b.rank(['a', 'b'])).toEqual(['b', 'a']);
    expect(b.score('a')).toBe(46);
    b.report('a', { kind: 'late' });
    b.report('a', { kind: 'late' });
    expect(b.score('a')).toBe(50);
    for (let i = 0; i < 100; i += 1) expect(b.report('a', { kind: 'overtaken' })).toBeUndefined();
    expect(b.score('a')).toBe(0);
    b.report('a', { kind: 'late' });
    expect(b.score('a')).toBe(0);
  });

  it('rewards verified bytes and quick answers', () => {
    const { book: b } = book();
    b.report('small', { kind: 'useful', bytes: 0 });
    b.report('large', { kind: 'useful', bytes: 10_000_000 });
    b.report('slow', { kind: 'useful', bytes: 10_000_000 });
    b.latency('slow', 300);
    b.latency('never seen', 5);
    expect([b.score('small'), b.score('large'), b.score('slow')]).toEqual([51, 52, 49]);
    expect(b.rank(['small', 'slow', 'large'])).toEqual(['large', 'small', 'slow']);
    for (let i = 0; i < 50; i += 1) b.latency('slow', 1e9);
    expect(b.score('slow')).toBe(32);
    expect(b.size).toBe(3);
  });

  it('keeps bans over a restart, by wall-clock time', () => {
    const { clock, book: b } = book();
    const sender = { subnet: '203.0.113', witness: true };
    b.report('a', { ...lie, past: 'zk-proof', sender });
    b.report('b', { ...lie, sender });
    b.report('b', lie);
    clock.time = 900;
    const kept = b.kept();
    expect(kept).toEqual([
      { peer: 'a', code: 'wrong-block', evidence: { height: 5 }, at: 1_000_000, until: 1_001_000, lies: 1, past: 'zk-proof', sender },
      { peer: 'b', code: 'wrong-block', evidence: { height: 5 }, at: 1_000_000, until: 1_002_000, lies: 2 },
    ]);
    const later = { now: () => 1_001_500, monotonic: () => 7 };
    const next = new PeerBook(later, { capacity: 4, firstBan: 1000, longestBan: 3000 });
    next.restore(kept);
    expect(next.ban('a')).toBeUndefined();
    expect(next.ban('b')).toMatchObject({ code: 'wrong-block', until: 507 });
    expect(next.report('b', lie)!.until).toBe(3007);
    next.restore([{ ...kept[0]!, until: Number.MAX_SAFE_INTEGER }]);
    expect(next.ban('a')).toMatchObject({ until: 3007, past: 'zk-proof', sender });
    // By a clock that was ahead: its own term.
    next.restore([{ ...kept[0]!, peer: 'c', at: 9_000_000, until: 9_001_000 }]);
    expect(next.ban('c')).toMatchObject({ at: 1_001_500, until: 1007 });
  });

  it('never bans for timeouts', () => {
    const { book: b } = book();
    for (let i = 0; i < 1000; i += 1) b.report('a', { kind: 'timeout' });
    expect(b.score('a')).toBe(0);
    expect(b.ban('a')).toBeUndefined();
  });

  it('bans for a lie, with the evidence, longer each time', () => {
    const { clock, book: b } = book();
    expect(b.report('a', lie)).toMatchObject({ code: 'wrong-block', evidence: { height: 5 }, at: 1_000_000, until: 1000 });
    expect(b.bans().map(({ peer }) => peer)).toEqual(['a']);
    clock.time = 1000;
    expect(b.ban('a')).toBeUndefined();
    expect(b.report('a', lie)!.until).toBe(3000);
    expect(b.report('a', lie)!.until).toBe(4000);
  });

  it('a pardon restores the score, and does not make the next ban longer', () => {
    const { clock, book: b } = book();
    b.report('a', lie);
    clock.time = 1000;
    b.report('a', { kind: 'useful', bytes: 10_000 });
    const score = b.score('a');
    b.report('a', lie);
    b.report('a', lie);
    expect(b.pardon('a', 'other')).toBe(false);
    expect(b.pardon('a', lie.code)).toBe(true);
    expect([b.ban('a'), b.kept(), b.score('a')]).toEqual([undefined, [], score]);
    expect(b.pardon('a', lie.code)).toBe(false);
    expect(b.pardon('nobody', lie.code)).toBe(false);
    expect(b.report('a', lie)!.until).toBe(3000);
    // A ban of an earlier run, without its details.
    b.restore([{ peer: 'b', code: 'x', evidence: {}, at: 0, until: 1_003_000, lies: 2 }]);
    expect(b.pardon('b', 'x')).toBe(true);
    expect(b.score('b')).toBe(50);
    expect(b.report('b', lie)!.until).toBe(3000);
  });

  it('forgets the peer that was silent longest, banned ones last', () => {
    const { book: b } = book();
    b.report('banned', lie);
    for (const peer of ['a', 'b', 'c', 'd', 'e']) b.report(peer, { kind: 'timeout' });
    expect(b.size).toBe(4);
    expect(b.ban('banned')).toBeDefined();
    expect(b.score('a')).toBe(50);
    expect(b.score('e')).toBe(40);
  });

  it('stays bounded when all are banned', () => {
    const { book: b } = book();
    for (let i = 0; i < 100; i += 1) b.report(`peer${i}`, lie);
    expect(b.size).toBe(4);
  });
});
