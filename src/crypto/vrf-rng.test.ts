import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/vrf.json' with { type: 'json' };
import { VrfRng } from './vrf-rng.ts';
import type { VrfUseCase } from './vrf-rng.ts';

const entropy = hexToBytes(vectors.rng[0]!.entropy);

describe('VrfRng', () => {
  it.each(vectors.rng)('draws the vector of use case $use_case', ({ entropy, use_case: useCase, next_u64: draws }) => {
    const rng = new VrfRng(useCase as VrfUseCase, hexToBytes(entropy));
    expect(draws.map(() => rng.nextU64().toString())).toEqual(draws);
  });

  it('draws below n by masking and drawing again', () => {
    for (const n of [2, 3, 5, 512, 513, 2 ** 31 + 1, 2 ** 32]) {
      const raw = new VrfRng(3, entropy);
      const rng = new VrfRng(3, entropy);
      let mask = 1n;
      while (mask < BigInt(n)) mask *= 2n;
      for (let i = 0; i < 20; i++) {
        let expected = raw.nextU64() & (mask - 1n);
        while (expected >= BigInt(n)) expected = raw.nextU64() & (mask - 1n);
        expect(rng.nextBelow(n)).toBe(Number(expected));
      }
    }
  });

  it('uses one draw for a bound of one', () => {
    const rng = new VrfRng(2, entropy);
    expect(rng.nextBelow(1)).toBe(0);
    expect(rng.nextU64().toString()).toBe(vectors.rng[0]!.next_u64[1]);
  });

  it('refuses an impossible bound or entropy', () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
      expect(() => new VrfRng(2, entropy).nextBelow(n)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
    }
    expect(() => new VrfRng(2, new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
  });
});
