import { describe, expect, it } from 'vitest';
import type { Validator } from '../wire/types.ts';
import { KeyProof } from './key-proof.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);

/** Three validators with the signing keys given. */
const list = (...keys: number[]): Validator[] =>
  keys.map((byte, index) => ({ address: new Uint8Array(20).fill(index), votingKey: new Uint8Array(285).fill(index), signingKey: key(byte), slots: { start: index * 100, end: index === keys.length - 1 ? 512 : (index + 1) * 100 } }));

const standings = (proof: KeyProof) => [0, 150, 511].map((slot) => proof.standing(slot));

describe('KeyProof', () => {
  it('treats a list as proven if the hash or the release covers it', () => {
    const proof = new KeyProof(list(1, 2, 3), true);
    expect(standings(proof)).toEqual(['proven', 'proven', 'proven']);
    expect(proof.add(list(1, 2, 3))).toBe('known');
    expect(proof.add(list(1, 2, 4))).toBe('refuted');
    expect(proof.disputed).toBe(false);
  });

  it('proves the key of a band by any of its slots, and no other key', () => {
    const proof = new KeyProof(list(1, 2, 3), false);
    expect(standings(proof)).toEqual(['unproven', 'unproven', 'unproven']);
    proof.prove(199, key(2));
    expect(standings(proof)).toEqual(['unproven', 'proven', 'unproven']);
  });

  it('does not treat a key that is proven for one validator as proven for another', () => {
    const proof = new KeyProof(list(1, 1, 3), false);
    proof.prove(0, key(1));
    expect(standings(proof)).toEqual(['proven', 'unproven', 'unproven']);
  });

  it('puts a slot in dispute where lists differ, and only there', () => {
    const proof = new KeyProof(list(1, 2, 3), false);
    expect(proof.add(list(1, 2, 3))).toBe('known');
    expect(proof.disputed).toBe(false);
    expect(proof.add(list(1, 7, 3))).toBe('added');
    expect(proof.disputed).toBe(true);
    expect(standings(proof)).toEqual(['unproven', 'disputed', 'unproven']);
    proof.prove(0, key(1));
    expect(standings(proof)).toEqual(['proven', 'disputed', 'unproven']);
    proof.prove(100, key(7));
    expect(standings(proof)).toEqual(['proven', 'proven', 'unproven']);
    expect(proof.lists).toEqual([list(1, 7, 3)]);
    expect(proof.disputed).toBe(false);
    // The refuted list arrives again, and then other lists like it.
    expect(proof.add(list(1, 2, 3))).toBe('refuted');
    expect(proof.add(list(1, 7, 8))).toBe('added');
    expect(proof.add(list(9, 7, 3))).toBe('refuted');
  });

  it('trusts no list when all are refuted, and remembers the refuted ones', () => {
    const only = list(1, 2, 3);
    const proof = new KeyProof(only, false);
    proof.refute(only);
    expect(proof.lists).toEqual([]);
    expect(standings(proof)).toEqual(['disputed', 'disputed', 'disputed']);
    expect(proof.disputed).toBe(true);
    expect(proof.add(list(1, 2, 3))).toBe('refuted');
    expect(proof.add(list(4, 2, 3))).toBe('added');
    expect(proof.disputed).toBe(false);
    expect(standings(proof)).toEqual(['unproven', 'unproven', 'unproven']);
  });

  it('distinguishes lists with different bands', () => {
    const wide = list(1, 2, 3).map((validator, index) => ({ ...validator, slots: [{ start: 0, end: 50 }, { start: 50, end: 200 }, { start: 200, end: 512 }][index]! }));
    const proof = new KeyProof(list(1, 2, 3), false);
    expect(proof.add(wide)).toBe('added');
    expect(proof.standing(60)).toBe('disputed');
    proof.prove(60, key(1));
    expect(proof.lists).toEqual([list(1, 2, 3)]);
  });
});
