import { describe, expect, it } from 'vitest';
import { vrfEntropy } from '../../../crypto/vrf.ts';
import { toHex } from '../../../base/bytes.ts';
import { bitSetOf } from '../wire/bit-set.ts';
import type { Validator } from '../wire/types.ts';
import { loadGenesis } from './network-parameters.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';
import { proposerSlot, signersOf, validatorAt } from './slots.ts';

const genesis = loadGenesis(unitAlbatross);
const entropy = vrfEntropy(genesis.header.seed)!;
const none = { words: [] };

function validator(name: number, start: number, end: number): Validator {
  return { address: new Uint8Array(20), votingKey: new Uint8Array(285).fill(name), signingKey: new Uint8Array(32), slots: { start, end } };
}
const three = [validator(1, 0, 100), validator(2, 100, 300), validator(3, 300, 512)];

describe('proposerSlot', () => {
  it('is slot 93 for block 201 of unit-albatross', () => {
    expect(toHex(entropy)).toBe('11130b72c5c7a4e75d3172dc6db6f676a228ae10aa3582e21e5db01c028e5227');
    expect(proposerSlot({ entropy, offset: 201, disabled: none })).toBe(93);
  });

  it('wraps around after the last slot', () => {
    expect(proposerSlot({ entropy, offset: 201 + 512, disabled: none })).toBe(93);
    const turns = new Set(Array.from({ length: 512 }, (_, offset) => proposerSlot({ entropy, offset, disabled: none })));
    expect(turns.size).toBe(512);
    expect([...turns].every((slot) => slot >= 0 && slot < 512)).toBe(true);
  });

  it('skips punished slots', () => {
    const disabled = bitSetOf([93, ...Array.from({ length: 200 }, (_, i) => 300 + i)]);
    const turns = Array.from({ length: 311 }, (_, offset) => proposerSlot({ entropy, offset, disabled }));
    expect(new Set(turns).size).toBe(311);
    expect(turns.some((slot) => slot === 93 || (slot >= 300 && slot < 500))).toBe(false);
  });

  it('uses all slots when all are punished, and ignores trailing zero words', () => {
    const all = bitSetOf(Array.from({ length: 512 }, (_, slot) => slot));
    expect(proposerSlot({ entropy, offset: 201, disabled: all })).toBe(93);
    expect(proposerSlot({ entropy, offset: 201, disabled: { words: [0n, 0n, 0n] } })).toBe(93);
  });
});

describe('validatorAt', () => {
  it('finds the owner of a slot', () => {
    expect([0, 99, 100, 299, 300, 511].map((slot) => three.indexOf(validatorAt(three, slot)!))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(validatorAt(three, 512)).toBeUndefined();
  });
});

describe('signersOf', () => {
  it('counts the signing slots of each validator and leaves out validators that did not sign', () => {
    const keys = signersOf(bitSetOf([0, 1, 99, 300, 511, 512, 600]), three);
    expect(keys.map(({ compressed, weight }) => [compressed[0], weight])).toEqual([[1, 3], [3, 2]]);
  });

  it('passes on decoded keys', () => {
    const point = new Uint8Array(570);
    const keys = signersOf(bitSetOf([0, 100]), three, (compressed) => (compressed[0] === 2 ? point : undefined));
    expect(keys.map(({ decoded }) => decoded)).toEqual([undefined, point]);
  });
});
