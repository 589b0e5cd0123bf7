import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/hash.json' with { type: 'json' };
import { blake2b } from './blake2b.ts';

describe('blake2b', () => {
  it('hashes the vector', () => {
    expect(bytesToHex(blake2b(new TextEncoder().encode(vectors.test_utf8)))).toBe(vectors.blake2b_256);
  });
});
