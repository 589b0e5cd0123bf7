import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitSetCount, bitSetHas, bitSetIndices, bitSetMax, bitSetOf } from './bit-set.ts';
import { bitSet } from './blocks.ts';
import { fromHex, toHex } from './bytes.ts';
import { decode, encode } from './postcard/codec.ts';

const ascending = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe('bit sets', () => {
  it('encode as the reference says', () => {
    expect(toHex(encode(bitSet, bitSetOf([...ascending(1, 19), 70])))).toBe('02feff1f40');
    expect(toHex(encode(bitSet, bitSetOf(ascending(0, 512))))).toBe(`08${'ffffffffffffffffff01'.repeat(8)}`);
    expect(toHex(encode(bitSet, bitSetOf([])))).toBe('00');
  });

  it('keep the words they came with', () => {
    const padded = decode(bitSet, fromHex('03010000'));
    expect(padded.words).toEqual([1n, 0n, 0n]);
    expect(toHex(encode(bitSet, padded))).toBe('03010000');
    expect(bitSetIndices(padded)).toEqual([0]);
    expect(bitSetMax(padded)).toBe(0);
  });

  it('have the members they were made of', () => {
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

  it('refuse members beyond the bound', () => {
    const refusal = expect.objectContaining({ name: 'EncodeError', code: 'out-of-range' });
    for (const index of [-1, 4096, 1.5, Number.NaN]) expect(() => bitSetOf([index])).toThrow(refusal);
  });

  it('of more than 64 words are refused', () => {
    expect(() => decode(bitSet, Uint8Array.of(65, ...new Uint8Array(65)))).toThrow(expect.objectContaining({ code: 'length-over-limit' }));
  });
});
