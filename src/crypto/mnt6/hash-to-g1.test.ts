import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/bls.json' with { type: 'json' };
import { blake2s } from '../blake2s.ts';
import { finish } from '../finish.ts';
import { encodeG1 } from './encoding.ts';
import { expand, hashToG1Steps } from './hash-to-g1.ts';

describe('hashToG1', () => {
  it.each(vectors.hash_to_g1)('hashes $blake2s after $increments increments', (vector) => {
    const sigHash = hexToBytes(vector.blake2s);
    expect('message_utf8' in vector ? blake2s(new TextEncoder().encode(vector.message_utf8)) : sigHash).toEqual(sigHash);
    expect(bytesToHex(expand(sigHash))).toBe(vector.blake2xs_96);
    expect(bytesToHex(encodeG1(finish(hashToG1Steps(sigHash))))).toBe(vector.compressed);
  });
});
