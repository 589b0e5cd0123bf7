import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { MerklePath } from './merkle-path.ts';
import { MerkleTree } from './merkle-tree.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const code = (code: string) => expect.objectContaining({ name: 'KeysError', code });

/** The path in the 2-of-3 multi-signature of the vectors, its leaf, and the root it leads to. */
const path = fromHex('0101800176915003ede20f8ee9a484633cfdfdd228c1fb6dcb6e5906cdaf901b79afa332');
const leaf = fromHex('9cf74d8ec45e8059f8bca2f33c8f5da90c3e902b43c4e2b00d6b1b0ca611c65b');
const root = 'd06efa827f7e5739f0ab870441b7b63587e3386e14da02a978855e17311a0f24';

describe('Merkle paths', () => {
  it('lead to the root', () => {
    expect(toHex(MerklePath.deserialize(path).computeRoot(leaf))).toBe(root);
    const leaves = ['5546b893b2bc642e6874412f8bca2c49c23ba5e8be771b1b5878bf638c8022dc', '7f392fa92b246c00dcf8d0b164b038050ec965e9cd857b8ff3a45995e8da8ef6'].map((hex) => fromHex(hex));
    expect(toHex(MerkleTree.computeRoot([...leaves, leaf]))).toBe(root);
  });

  it('have bytes, hashes and roots of the official client', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ hash, isLeft: fc.boolean() }), { maxLength: 31 }), hash, (nodes, leaf) => {
        const bytes = encoded(nodes);
        const ours = MerklePath.deserialize(bytes);
        const theirs = official.MerklePath.deserialize(bytes);
        expect(ours.serialize()).toEqual(theirs.serialize());
        expect(ours.hashes).toEqual(theirs.hashes);
        expect(ours.length).toBe(theirs.length);
        expect(ours.computeRoot(leaf)).toEqual(theirs.computeRoot(leaf));
      }),
    );
  });

  it('are refused in another form, or with bytes after them', () => {
    const hex = toHex(path);
    for (const wrong of ['', '0000', '01', hex.slice(2), `${hex}00`, hex.slice(0, -2), `0201${hex.slice(4)}`, `0101c0${hex.slice(6)}`, `010200${hex.slice(4)}`, `010180${'02'}${hex.slice(8)}${'00'.repeat(32)}`]) {
      expect(() => MerklePath.deserialize(fromHex(wrong))).toThrow(code('unknown-format'));
    }
    expect(() => MerklePath.deserialize([] as never)).toThrow(code('wrong-type'));
    expect(() => MerklePath.deserialize(path).computeRoot(leaf.subarray(1))).toThrow(code('wrong-length'));
  });

  it('give copies of their hashes', () => {
    const read = MerklePath.deserialize(path);
    read.hashes[0]!.fill(0);
    expect(read.serialize()).toEqual(path);
  });
});

it('Merkle trees have the roots of the official client', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (values) => void expect(MerkleTree.computeRoot(values)).toEqual(official.MerkleTree.computeRoot(values))));
});

function encoded(nodes: readonly { hash: Uint8Array; isLeft: boolean }[]): Uint8Array {
  if (nodes.length === 0) return Uint8Array.of(0);
  const bitmap = new Uint8Array(Math.ceil(nodes.length / 8));
  for (const [at, { isLeft }] of nodes.entries()) if (isLeft) bitmap[at >> 3]! |= 0x80 >> (at & 7);
  return Uint8Array.from([nodes.length, bitmap.length, ...bitmap, nodes.length, ...nodes.flatMap(({ hash }) => [...hash])]);
}
