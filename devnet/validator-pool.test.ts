import { describe, expect, it } from 'vitest';
import { bitSetCount, bitSetMax } from '../src/chains/albatross/wire/bit-set.ts';
import { toHex } from '../src/base/bytes.ts';
import { seededRandom } from './seeded-random.ts';
import { randomSigners, validatorPool } from './validator-pool.ts';

const entropy = (label: string): Uint8Array => seededRandom('pool test', label).bytes(32);

describe('the pool of validators', () => {
  const pool = validatorPool('pool test', 7);

  it('has about 1.3 candidates per seat', () => {
    expect(pool.members).toHaveLength(9);
  });

  it('draws sets that fill all slots in the order of the addresses', () => {
    for (const label of ['a', 'b', 'c']) {
      const set = pool.draw(entropy(label)).map(({ validator }) => validator);
      expect(set).toHaveLength(7);
      const addresses = set.map(({ address }) => toHex(address));
      expect(addresses).toEqual([...new Set(addresses)].toSorted());
      expect(set.map(({ slots }) => slots.start)).toEqual([0, ...set.slice(0, -1).map(({ slots }) => slots.end)]);
      expect(set.at(-1)?.slots.end).toBe(512);
      for (const { slots } of set) expect(slots.end).toBeGreaterThan(slots.start);
    }
  });

  it('draws the same set from the same entropy, another from another', () => {
    const sets = ['a', 'a', 'b', 'c', 'd'].map((label) => pool.draw(entropy(label)).map(({ validator }) => `${toHex(validator.address)}:${validator.slots.start}`).join());
    expect(sets[0]).toBe(sets[1]);
    expect(new Set(sets).size).toBe(4);
  });
});

it('signers are 342 to 512 of the slots, and differ for every block', () => {
  const sets = Array.from({ length: 50 }, (_, i) => randomSigners('s', String(i)));
  for (const set of sets) {
    expect(bitSetCount(set)).toBeGreaterThanOrEqual(342);
    expect(bitSetCount(set)).toBeLessThanOrEqual(512);
    expect(bitSetMax(set)).toBeLessThan(512);
  }
  expect(new Set(sets.map(bitSetCount)).size).toBeGreaterThan(20);
  expect(randomSigners('s', '1')).toEqual(sets[1]);
});
