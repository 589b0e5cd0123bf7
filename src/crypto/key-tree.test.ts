import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import mainnet from '../../test/vectors/mainnet_genesis_header.json' with { type: 'json' };
import { blake2s } from './blake2s.ts';
import { keyTreeRoot } from './key-tree.ts';

const list = mainnet.validators.map(({ voting_key: key, slots }) => ({ compressed: hexToBytes(key), slots: slots[1]! - slots[0]! }));
const key = list[0]!.compressed;

describe('keyTreeRoot', () => {
  it('is that of the main network genesis', () => {
    expect(list.reduce((sum, { slots }) => sum + slots, 0)).toBe(512);
    expect(bytesToHex(keyTreeRoot(list))).toBe(mainnet.pk_tree_root_blake2s);
  });

  it('hashes equal neighbours only once', () => {
    const hashed: number[] = [];
    const counting = (bytes: Uint8Array) => {
      hashed.push(bytes.length);
      return blake2s(bytes);
    };
    const one = keyTreeRoot([{ compressed: key, slots: 512 }], counting);
    expect(hashed.filter((length) => length === 16 * 285).length).toBe(1);
    expect(keyTreeRoot([{ compressed: key, slots: 200 }, { compressed: key.slice(), slots: 312 }])).toEqual(one);
    // Level by level, by the definition.
    let level = blake2s(concatBytes(...Array.from({ length: 16 }, () => key)));
    for (let i = 0; i < 5; i++) level = blake2s(concatBytes(level, level));
    expect(one).toEqual(level);
  });

  it('has a root for any list, over no more than 512 slots', () => {
    const all = keyTreeRoot([{ compressed: key, slots: 512 }]);
    expect(keyTreeRoot([{ compressed: key, slots: 65_535 }, { compressed: list[1]!.compressed, slots: 2 ** 53 }])).toEqual(all);
    for (const odd of [[], [{ compressed: key, slots: -3 }], [{ compressed: new Uint8Array(0), slots: 4 }], [{ compressed: key, slots: Number.NaN }]]) {
      expect(keyTreeRoot(odd)).toHaveLength(32);
    }
  });
});
