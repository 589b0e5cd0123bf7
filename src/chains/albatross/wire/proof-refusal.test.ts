import { expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { proofRefusals } from './proof-refusal.ts';

const refusals = proofRefusals([['Empty', 0], ['FromFuture', 2], ['Other', 0]]);

it('has the heights that its name requires', () => {
  expect(decode(refusals, fromHex('01ef0b8704'))).toEqual({ name: 'FromFuture', heights: [1519, 519] });
  expect(toHex(encode(refusals, { name: 'FromFuture', heights: [1519, 519] }))).toBe('01ef0b8704');
  expect(decode(refusals, fromHex('00'))).toEqual({ name: 'Empty', heights: [] });
});

it('of an unknown index is read as the last one, and leaves its payload', () => {
  expect(decode(refusals, fromHex('63ef0b'), { allowTrailing: true })).toEqual({ name: 'Other', heights: [] });
  expect(toHex(encode(refusals, { name: 'TooNew', heights: [] }))).toBe('02');
});

it('without its heights, or with other heights, has no encoding', () => {
  expect(() => decode(refusals, fromHex('01ef0b'))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
  for (const refusal of [{ name: 'FromFuture', heights: [1] }, { name: 'Empty', heights: [1] }, { name: 'TooNew', heights: [1] }]) {
    expect(() => encode(refusals, refusal)).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'inconsistent' }));
  }
});
