import { assert, bigInt, property } from 'fast-check';
import { expect, it } from 'vitest';
import { plainNim } from './nim.ts';
import { readNim } from './read-nim.ts';

it('reads every amount that it writes, exactly', () => {
  assert(
    property(bigInt({ min: 0n, max: 2_100_000_000_000_000n }), (luna) => {
      expect(readNim(plainNim(luna))).toEqual({ luna });
    }),
  );
});

it.each([
  ['1', 100_000n],
  ['0.00001', 1n],
  ['.5', 50_000n],
  ['12.', 1_200_000n],
  ['1,5', 150_000n],
  [' 1 234 567.5 NIM ', 123_456_750_000n],
  ['0.1000000', 10_000n],
  ['1.234', 123_400n],
  ['٣٫٥', 350_000n],
  ['१२', 1_200_000n],
  ['21000000000', 2_100_000_000_000_000n],
])('reads %s', (text, luna) => expect(readNim(text)).toEqual({ luna }));

it.each([
  ['', 'empty'],
  ['NIM', 'empty'],
  ['.', 'not-a-number'],
  ['-1', 'not-a-number'],
  ['1e3', 'not-a-number'],
  ['0x10', 'not-a-number'],
  ['1,234', 'ambiguous-group'],
  ['1.234.567', 'ambiguous-group'],
  ['1,234.5', 'ambiguous-group'],
  ['0.000001', 'too-precise'],
  ['21000000000.00001', 'too-large'],
  ['9'.repeat(100_000), 'too-large'],
])('refuses %.20s', (text, problem) => expect(readNim(text)).toEqual({ problem }));
