import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/hash.json' with { type: 'json' };
import { blake2s, blake2sWithParameters, PLAIN_PARAMETERS } from './blake2s.ts';
import type { Blake2sParameters } from './blake2s.ts';

describe('blake2s', () => {
  it('hashes the vector', () => {
    expect(bytesToHex(blake2s(new TextEncoder().encode(vectors.test_utf8)))).toBe(vectors.blake2s_256);
  });
});

describe('blake2sWithParameters', () => {
  it.each(vectors.blake2xs_blocks)('gives block $index of the expansion', ({ input, parameter_words_le: words, output }) => {
    expect(bytesToHex(blake2sWithParameters(words as unknown as Blake2sParameters, hexToBytes(input)))).toBe(output);
  });

  it('is the ordinary hash with the ordinary parameters, at every length around the block borders', () => {
    for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 300]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(blake2sWithParameters(PLAIN_PARAMETERS, bytes)).toEqual(blake2s(bytes));
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(blake2sWithParameters(PLAIN_PARAMETERS, bytes)).toEqual(blake2s(bytes));
      }),
    );
  });
});
