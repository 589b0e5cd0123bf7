import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../test/support/fake-chain.ts';
import type { MacroBlock } from '../wire/types.ts';
import { sameValidators } from './same-validators.ts';

const good = new FakeChain().growTo(328).head.block as MacroBlock;

describe('sameValidators', () => {
  it('compares every field', () => {
    const list = good.header.validators!;
    const [first] = list;
    expect(sameValidators(list, structuredClone(list))).toBe(true);
    expect(sameValidators(list, [])).toBe(false);
    expect(sameValidators(list, undefined)).toBe(false);
    for (const change of [{ address: new Uint8Array(20) }, { signingKey: new Uint8Array(32) }, { votingKey: new Uint8Array(285) }, { slots: { start: 1, end: 512 } }, { slots: { start: 0, end: 511 } }]) {
      expect(sameValidators(list, [{ ...first!, ...change }])).toBe(false);
    }
  });
});
