import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../engine/trust.ts';
import { decideConflict } from './conflicts.ts';
import type { ConflictView } from './conflicts.ts';

const anchor = (kind: Anchor['kind']): Anchor => ({ kind, height: 328, hash: 'aa', witnesses: [], fewWitnesses: false });
const accused = (kind: ConflictView['accused'][number]['kind'], ...subnets: string[]) => subnets.map((subnet) => ({ kind, code: kind, evidence: {}, subnet }));
const decide = (view: Partial<ConflictView>) => decideConflict({ anchor: anchor('witnesses'), accused: [], unrelated: [], confirming: 0, undecided: 0, waited: false, wanted: 3, ...view });

describe('decideConflict', () => {
  it('has nothing to decide without an accusation', () => {
    expect(decide({})).toBe('none');
    expect(decide({ confirming: 2, unrelated: ['a', 'b', 'c'] })).toBe('none');
  });

  it('puts a chain that rests on witnesses on trial as long as somebody confirms it', () => {
    expect(decide({ accused: accused('other-hash', 'a', 'b', 'c'), confirming: 1 })).toBe('trial');
    expect(decide({ accused: accused('failed-check', 'a') })).toBe('trial');
  });

  it('calls them liars when the chain was verified from genesis', () => {
    expect(decide({ anchor: anchor('genesis'), accused: accused('other-hash', 'a'), confirming: 1 })).toBe('liars');
    expect(decide({ anchor: anchor('genesis'), accused: accused('failed-check', 'a') })).toBe('liars');
  });

  it('abandons a chain that nobody knows, at once when there are enough of them', () => {
    expect(decide({ accused: accused('other-hash', 'a', 'b', 'c') })).toBe('abandon');
    expect(decide({ accused: accused('unknown-anchor', 'a', 'a', 'a') })).toBe('wait');
    expect(decide({ accused: accused('unknown-anchor', 'a', 'b', 'c'), undecided: 1 })).toBe('wait');
    expect(decide({ accused: accused('unknown-anchor', 'a'), waited: true })).toBe('abandon');
  });

  it('abandons it too when all are behind and unrelated, but not for one that is', () => {
    expect(decide({ unrelated: ['a', 'b', 'c'] })).toBe('wait');
    expect(decide({ unrelated: ['a', 'b', 'c'], waited: true })).toBe('abandon');
    expect(decide({ unrelated: ['a', 'b', 'c'], waited: true, confirming: 1 })).toBe('none');
    expect(decide({ unrelated: ['a', 'b'], waited: true })).toBe('none');
  });
});
