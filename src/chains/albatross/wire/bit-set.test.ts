import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitSetCount, bitSetHas, bitSetIndices, bitSetMax, bitSetOf } from './bit-set.ts';
import { bitSet } from './blocks.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';

const ascending = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe('bit sets', () => {
  it('are encoded as in the reference', () => {
    expect(toHex(encode(bitSet, bitSetOf([...ascending(1, 19), 70])))).toBe('02feff1f40');
    expect(toHex(encode(bitSet, bitSetOf(ascending(0, 512))))).toBe(`08${'ffffffffffffffffff01'.repeat(8)}`);
    expect(toHex(encode(bitSet, bitSetOf([])))).toBe('00');
  });

  it('keep the words with which they were read', () => {
    const padded = decode(bitSet, fromHex('03010000'));
    expect(padded.words).toEqual([1n, 0n, 0n]);
    expect(toHex(encode(bitSet, padded))).toBe('03010000');
    expect(bitSetIndices(padded)).toEqual([0]);
    expect(bitSetMax(padded)).toBe(0);
  });

  it('contain the members they were made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 4095 })), (members) => {
        const set = bitSetOf(members);
        expect(bitSetIndices(set)).toEqual(members.toSorted((a, b) => a - b));
        expect(bitSetCount(set)).toBe(members.length);
        expect(bitSetMax(set)).toBe(Math.max(-1, ...members));
        for (let index = -2; index < 4200; index += 1) if (bitSetHas(set, index) !== members.includes(index)) throw new Error(`bit ${index}`);
        expect(set.words.at(-1)).not.toBe(0n);
      }),
      { numRuns: 20 },
    );
  });

  it('refuse members above the bound', () => {
    const refusal = expect.objectContaining({ name: 'EncodeError', code: 'out-of-range' });
    for (const index of [-1, 4096, 1.5, Number.NaN]) expect(() => bitSetOf([index])).toThrow(refusal);
  });

  it('issue 11.8: with more than 64 words are kept unchanged, as nodes hash them, and refused with a member above the bound', () => {
    // A count of 300, a 1, 299 zeros.
    const many = Uint8Array.of(0xac, 2, 1, ...new Uint8Array(299));
    const set = decode(bitSet, many);
    expect(set).toEqual({ words: [1n, ...Array.from({ length: 63 }, () => 0n)], zeroWords: 236 });
    expect(bitSetMax(set)).toBe(0);
    expect(encode(bitSet, set)).toEqual(many);
    const refusal = expect.objectContaining({ name: 'DecodeError', code: 'length-over-limit', offset: 0 });
    expect(() => decode(bitSet, many.with(66, 1))).toThrow(refusal);
    expect(() => encode(bitSet, { words: Array.from({ length: 65 }, () => 0n) })).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'over-limit' }));
  });
});
