import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { blake2s } from '../blake2s.ts';
import { loadFma } from './load-fma.ts';

it('BLAKE2s in the module equals BLAKE2s, at every length', () => {
  const { loaded } = loadFma();
  for (const length of [0, 1, 63, 64, 65, 128, 4560, 32_767, 32_768, 32_769]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 31 + length);
    expect(loaded!.blake2s(bytes)).toEqual(blake2s(bytes));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => void expect(loaded!.blake2s(bytes)).toEqual(blake2s(bytes))));
});
