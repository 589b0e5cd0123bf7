import { describe, expect, it } from 'vitest';
import { type Anchor, atMost, reaches, sumOfChecked, trustLevel } from './trust.ts';

const anchor: Anchor = { kind: 'genesis', height: 0, hash: '', witnesses: [], fewWitnesses: false };

describe('trust', () => {
  it('is what the evidence earns', () => {
    expect(trustLevel(undefined)).toBe('claimed');
    expect(trustLevel(anchor)).toBe('proven');
    expect(trustLevel({ ...anchor, kind: 'pinned' })).toBe('pinned');
    expect(trustLevel({ ...anchor, kind: 'witnesses' })).toBe('claimed');
    expect(trustLevel({ ...anchor, kind: 'witnesses', witnesses: [{ peer: 'p', subnet: '1.2', saidAt: 1 }] })).toBe('witnessed');
  });

  it('is `witnessed` at most as long as the stored evidence was not verified again', () => {
    expect(trustLevel({ ...anchor, unchecked: true })).toBe('witnessed');
    expect(trustLevel({ ...anchor, kind: 'witnesses', unchecked: true })).toBe('claimed');
  });

  it('has an order', () => {
    expect(atMost('proven', 'pinned')).toBe('pinned');
    expect(atMost('claimed', 'pinned')).toBe('claimed');
    expect(reaches('pinned', 'witnessed')).toBe(true);
    expect(reaches('witnessed', 'pinned')).toBe(false);
  });

  it('counts by the names of the chain', () => {
    expect(sumOfChecked({ steps: 3, proofs: 0, milliseconds: 5 }, { steps: 4, proofs: 1, milliseconds: 2 })).toEqual({ steps: 7, proofs: 1, milliseconds: 7 });
  });
});
