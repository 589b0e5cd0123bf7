import { expect, it } from 'vitest';
import { buildTrie, trieWith } from '../../src/chains/albatross/proofs/build-trie.ts';
import { emptyDiffRoot } from '../../src/chains/albatross/chain/hashes.ts';
import { blake2b } from '../../src/crypto/blake2b.ts';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { diffRoot } from './diff-root.ts';

const value = (byte: number) => Uint8Array.of(byte);
const before = buildTrie([['aa', value(1)], ['ab', value(2)], ['cc', value(3)]]);

/** 02, key (count of nibbles, count of bytes, bytes), then the new value or none. */
const leaf = (key: string, after: string) => toHex(blake2b(fromHex(`020201${key}${after}`)));
const branch = (left: string, right: string) => toHex(blake2b(fromHex(`01${left}${right}`)));

it('is over the changed keys in order, with their new values; the first leaves stand a level lower', () => {
  const removed = leaf('aa', '00');
  const changed = leaf('cc', '010104');
  const added = [leaf('d0', '010105'), leaf('d1', '010106'), leaf('d2', '010107')] as const;
  const after = (...changes: readonly (readonly [string, Uint8Array | undefined])[]) => diffRoot(before, trieWith(before, changes));
  expect(after()).toBe(emptyDiffRoot);
  expect(after(['aa', value(1)])).toBe(emptyDiffRoot);
  expect(after(['aa', undefined])).toBe(removed);
  expect(after(['aa', undefined], ['cc', value(4)])).toBe(branch(removed, changed));
  expect(after(['aa', undefined], ['cc', value(4)], ['d0', value(5)])).toBe(branch(branch(removed, changed), added[0]));
  const five = branch(branch(branch(removed, changed), added[0]), branch(added[1], added[2]));
  expect(after(['aa', undefined], ['cc', value(4)], ['d0', value(5)], ['d1', value(6)], ['d2', value(7)])).toBe(five);
});
