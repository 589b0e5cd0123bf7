import { describe, expect, it } from 'vitest';
import { SetTerms } from './set-terms.ts';

const at = (validators: string, height: number, view = height) => ({ validators, height, view });
const none = () => undefined;

/** Our chain: a from 0 to 9, b from 10 to 19, a again from 20 on. */
function chain(upTo: number) {
  const terms = new SetTerms<string>('a');
  for (let height = 0; height <= upTo; height++) terms.ruled(at(height < 10 ? 'a' : height < 20 ? 'b' : 'a', height), (hash) => `to ${hash}`);
  return terms;
}

describe('where a set rules', () => {
  it('the last set rules from its first block on, those before it below the first block of the next, by height and view', () => {
    const terms = chain(15);
    expect([at('a', 9), at('b', 10), at('b', 1e9)].map((place) => terms.rules(place))).toEqual([true, true, true]);
    expect([at('a', 10), at('a', 1e9), at('a', 9, 10), at('b', 9), at('b', 10, 9), at('c', 12)].map((place) => terms.rules(place))).toEqual([false, false, false, false, false, false]);
    expect([terms.following(at('a', 5)), terms.following(at('b', 12)), terms.links]).toEqual(['b', undefined, ['to b']]);
  });

  it('a set that rules twice has two terms', () => {
    const terms = chain(25);
    expect([at('a', 5), at('a', 15), at('b', 15), at('b', 20), at('a', 25)].map((place) => terms.rules(place))).toEqual([true, false, true, false, true]);
    expect([terms.links, [...terms.hashes]]).toEqual([['to b', 'to a'], ['a', 'b']]);
  });

  it('a set that is learned rules above the block that announces it; the one before it goes on until our chain shows the change', () => {
    const terms = chain(5);
    expect([terms.learn(at('a', 30), 'c', 'a to c'), terms.learn(at('c', 40), 'd', 'c to d'), terms.learn(at('x', 40), 'd', 'x to d')]).toEqual([true, true, false]);
    expect([at('c', 30), at('c', 31), at('c', 31, 30), at('d', 41), at('a', 50)].map((place) => terms.rules(place))).toEqual([false, true, false, true, true]);
    expect([terms.follows(at('a', 30), 'c'), terms.follows(at('a', 30), 'd'), terms.follows(at('c', 35), 'd')]).toEqual([true, false, true]);
    terms.ruled(at('d', 60), none);
    expect([at('a', 20), at('c', 35), at('a', 60), at('c', 60), at('d', 61)].map((place) => terms.rules(place))).toEqual([true, true, false, false, true]);
    expect(terms.links).toEqual(['a to c', 'c to d']);
  });

  it('keys of before cannot announce another set where one has followed, and what they announced besides is forgotten then', () => {
    const terms = chain(9);
    expect(terms.learn(at('a', 8), 'x', 'a to x')).toBe(true);
    expect(terms.learn(at('x', 9), 'y', 'x to y')).toBe(true);
    expect(terms.learn(at('a', 9), 'b', 'a to b')).toBe(true);
    terms.ruled(at('b', 10), none);
    expect([at('x', 50), at('y', 50), at('b', 50)].map((place) => terms.rules(place))).toEqual([false, false, true]);
    expect([terms.learn(at('a', 8), 'x', 'a to x'), terms.learn(at('a', 9), 'b', 'again'), terms.links]).toEqual([false, true, ['a to b']]);
  });

  it('learns so many hand-overs ahead of our chain, and begins anew when it is cleared', () => {
    const terms = chain(1);
    const learned = Array.from({ length: 300 }, (_, i) => terms.learn(at(i === 0 ? 'a' : `s${i - 1}`, 10 + i), `s${i}`, `to s${i}`));
    expect(learned.indexOf(false)).toBe(256);
    terms.clear();
    expect([terms.links, [...terms.hashes], terms.rules(at('s0', 50))]).toEqual([[], ['a'], false]);
  });
});
