import { describe, expect, it } from 'vitest';
import { differences } from '../../../test/support/field-differences.ts';
import { fq3 } from '../mnt6/fq3.ts';
import { loadFma } from './load-fma.ts';

describe('the back end in WebAssembly', () => {
  it('agrees with BigInt in every operation', () => {
    expect(differences(fq3, loadFma().loaded!.field, { seed: 1, rounds: 150 })).toEqual([]);
  });

  it('would fail this comparison if it had an error', () => {
    const wrong = { ...fq3, multiplyByU: fq3.negate };
    expect(differences(fq3, wrong, { seed: 1, rounds: 2 })).toContain('multiplyByU');
  });
});
