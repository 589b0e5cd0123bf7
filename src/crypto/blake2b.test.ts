import { blake2b as libraryBlake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/hash.json' with { type: 'json' };
import { blake2b } from './blake2b.ts';

describe('blake2b', () => {
  it('hashes the vector', () => {
    expect(bytesToHex(blake2b(new TextEncoder().encode(vectors.test_utf8)))).toBe(vectors.blake2b_256);
  });

  it("equals the library's, at every length around the block size and for any bytes", () => {
    const same = (bytes: Uint8Array) => expect(blake2b(bytes)).toEqual(libraryBlake2b(bytes, { dkLen: 32 }));
    for (let length = 0; length <= 400; length++) same(Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => void same(bytes)));
  });
});
