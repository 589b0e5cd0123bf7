import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmedCount } from './confirmed.ts';

const count = (root: string | undefined, tenures: string) => confirmedCount(root, [...tenures]);

describe('which blocks are confirmed', () => {
  it.each([
    ['a', '', 0],
    ['a', 'aaa', 0],
    ['a', 'aab', 0],
    ['a', 'aabb', 0],
    ['a', 'aabc', 2],
    ['a', 'bc', 0],
    ['a', 'bcd', 1],
    ['a', 'aabbbccd', 5],
    ['a', 'aabbbccdd', 5],
    [undefined, 'ab', 0],
    [undefined, 'aabbc', 2],
  ])('on %s follow %s: %i', (root, tenures, expected) => {
    expect(count(root, tenures)).toBe(expected);
  });

  it('never a block of the newest two tenures; one more block never makes fewer confirmed', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 }), (lengths) => {
      const tenures = lengths.flatMap((length, i) => Array.from({ length }, () => String(i)));
      let before = 0;
      for (let n = 0; n <= tenures.length; n += 1) {
        const confirmed = confirmedCount('root', tenures.slice(0, n));
        const newest = tenures.slice(0, n).at(-1);
        expect(confirmed).toBeGreaterThanOrEqual(before);
        for (const tenure of tenures.slice(0, confirmed)) expect(Number(tenure)).toBeLessThan(Number(newest) - 1);
        before = confirmed;
      }
    }));
  });
});
