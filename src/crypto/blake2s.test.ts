import { blake2s as nobleBlake2s } from '@noble/hashes/blake2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/hash.json' with { type: 'json' };
import { blake2s, blake2sWithParameters } from './blake2s.ts';
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
});

describe('blake2s and the library', () => {
  const library = (bytes: Uint8Array) => new Uint8Array(nobleBlake2s(bytes, { dkLen: 32 }));

  it('agree at every length around the block size', () => {
    for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 300, 4560]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      expect(blake2s(bytes)).toEqual(library(bytes));
      // Also if the bytes are not aligned to words.
      expect(blake2s(bytes.subarray(1))).toEqual(library(bytes.subarray(1)));
    }
  });

  it('agree on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(blake2s(bytes)).toEqual(library(bytes));
      }),
    );
  });
});
