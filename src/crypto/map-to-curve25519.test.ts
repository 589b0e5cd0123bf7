import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/vrf.json' with { type: 'json' };
import { mapToCurve25519 } from './map-to-curve25519.ts';

describe('mapToCurve25519', () => {
  it.each(vectors.map_to_curve)('maps $input', ({ input, output }) => {
    expect(bytesToHex(mapToCurve25519(hexToBytes(input)).toBytes())).toBe(output);
  });

  it.each(vectors.unit_chain.links)('maps the message of block $nonce_block_number', ({ message, Bv }) => {
    expect(bytesToHex(mapToCurve25519(concatBytes(hexToBytes(vectors.unit_chain.public), hexToBytes(message))).toBytes())).toBe(Bv);
  });
});
