import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../../../engine/trust.ts';
import { decideConflict, isUnknown } from './conflicts.ts';
import type { ConflictView } from './conflicts.ts';

const anchor = (kind: Anchor['kind']): Anchor => ({ kind, height: 328, hash: 'aa', witnesses: [], fewWitnesses: false });
const accused = (kind: ConflictView['accused'][number]['kind'], ...subnets: string[]) => subnets.map((subnet) => ({ kind, code: kind, evidence: {}, subnet }));
const view = (given: Partial<ConflictView>): ConflictView => ({ anchor: anchor('witnesses'), accused: [], unrelated: [], unknown: false, confirming: 0, wanted: 3, ...given });
const decide = (given: Partial<ConflictView>) => decideConflict(view(given));

describe('decideConflict', () => {
  it('decides nothing without an accusation', () => {
    expect(decide({})).toBe('none');
    expect(decide({ unrelated: ['a', 'b', 'c'] })).toBe('none');
  });

  it('starts a trial when an unverified chain is contradicted, even if peers confirm it', () => {
    expect(decide({ accused: accused('other-hash', 'a', 'b', 'c'), confirming: 1 })).toBe('trial');
    expect(decide({ accused: accused('failed-check', 'a') })).toBe('trial');
    expect(decide({ anchor: { ...anchor('genesis'), unchecked: true }, accused: accused('other-hash', 'a'), confirming: 1 })).toBe('trial');
  });

  it("issue 11.4: verifies the other peers' chain if none of them knows the client's unverified chain", () => {
    expect(decide({ unknown: true, unrelated: ['a'] })).toBe('trial');
    expect(decide({ unknown: true, unrelated: ['a'], anchor: { ...anchor('genesis'), unchecked: true } })).toBe('trial');
    expect(decide({ unknown: true, unrelated: ['a', 'b', 'c'], anchor: anchor('genesis') })).toBe('none');
  });

  it('calls the accusers liars when the chain was verified from genesis and other peers know it', () => {
    expect(decide({ anchor: anchor('genesis'), accused: accused('other-hash', 'a'), confirming: 1 })).toBe('liars');
    expect(decide({ anchor: anchor('genesis'), accused: accused('failed-check', 'a') })).toBe('liars');
  });

  it("verifies the accusers' chain when no other peer answers, whatever their number", () => {
    expect(decide({ anchor: anchor('genesis'), accused: accused('other-hash', 'a') })).toBe('trial');
    expect(decide({ accused: accused('unknown-anchor', 'a', 'b', 'c') })).toBe('trial');
  });
});

describe('isUnknown', () => {
  it('reports that no peer knows the chain, but not for one peer that is behind', () => {
    expect(isUnknown(view({ accused: accused('other-hash', 'a') }))).toBe(true);
    expect(isUnknown(view({ accused: accused('other-hash', 'a'), confirming: 1 }))).toBe(false);
    expect(isUnknown(view({ accused: accused('failed-check', 'a') }))).toBe(false);
    const verified = anchor('genesis');
    expect(isUnknown(view({ anchor: verified, unrelated: ['a', 'b'] }))).toBe(false);
    expect(isUnknown(view({ anchor: verified, unrelated: ['a', 'b', 'c'] }))).toBe(true);
    expect(isUnknown(view({ anchor: verified, unrelated: ['a', 'b', 'c'].map((domain) => `name:${domain}`) }))).toBe(true);
    expect(isUnknown(view({ unrelated: ['name:a'] }))).toBe(true);
    expect(isUnknown(view({ unrelated: ['name:a'], confirming: 1 }))).toBe(false);
  });
});
