import { describe, expect, it } from 'vitest';
import { bytesOf, put } from '../../../../test/support/hotstuff2/block-maker.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { compareBytes, fromHex } from '../../../base/bytes.ts';
import { decodeStateEntry } from '../wire/state-entry.ts';
import type { StateLeaf } from '../wire/state-proof-body.ts';
import { KeyValueState } from '../chain/state.ts';
import { proveState, verifyStateProof } from './state-proof.ts';

const { stateRoot: root, present, absent } = vectors.stateProofs;
const leafOf = ({ index, count, entry, path }: (typeof present)[number]): StateLeaf => ({ index, count, ...decodeStateEntry(fromHex(entry)), path: path.map(fromHex) });
const code = (leaves: readonly StateLeaf[], key: Uint8Array, isPresent: boolean) => {
  const verdict = verifyStateProof({ present: isPresent, leaves }, key, root);
  return verdict.ok ? 'ok' : verdict.code;
};

describe('state proofs of the vectors', () => {
  it('present keys: proven, and by no other index, count, path, value, key or root', () => {
    for (const it of present) {
      const leaf = leafOf(it);
      const key = fromHex(it.key);
      expect(verifyStateProof({ present: true, leaves: [leaf] }, key, root)).toEqual({ ok: true, value: leaf.value });
      for (let index = 0; index < it.count; index += 1) expect(code([{ ...leaf, index }], key, true)).toBe(index === it.index ? 'ok' : 'state-root');
      expect(code([{ ...leaf, count: it.count + 1 }], key, true)).toBe('state-root');
      expect(code([{ ...leaf, value: leaf.value.with(0, leaf.value[0]! ^ 1) }], key, true)).toBe('state-root');
      for (const [i, hash] of leaf.path.entries()) {
        expect(code([{ ...leaf, path: leaf.path.with(i, hash.with(0, hash[0]! ^ 1)) }], key, true)).toBe('state-root');
        expect(code([{ ...leaf, path: leaf.path.toSpliced(i, 1) }], key, true)).toBe('state-root');
      }
      expect(code([leaf], bytesOf('other'), true)).toBe('other-key');
      expect(verifyStateProof({ present: true, leaves: [leaf] }, key, '0'.repeat(64))).toMatchObject({ ok: false, code: 'state-root' });
    }
  });

  it('an absent key: between its neighbours, and nothing else', () => {
    const key = fromHex(absent.key);
    const leaves = absent.neighbours.map(leafOf);
    expect(verifyStateProof({ present: false, leaves }, key, root)).toEqual({ ok: true, value: undefined });
    expect(code(leaves.toReversed(), key, false)).toBe('neighbours');
    expect(code(leaves, leaves[0]!.key, false)).toBe('neighbours');
    expect(code(leaves.slice(0, 1), key, false)).toBe('neighbours');
    expect(code(leaves.slice(1), key, false)).toBe('neighbours');
    expect(code([leaves[0]!, { ...leaves[1]!, count: 70 }], key, false)).toBe('count');
    expect(code([], key, false)).toBe('state-root');
    const [first, , third] = present.map(leafOf).toSorted((a, b) => compareBytes(a.key, b.key));
    expect(code([first!, third!], leafOf(present[1]!).key, false)).toBe('neighbours');
  });
});

describe('state proofs that are made here', () => {
  const state = new KeyValueState();
  state.apply(['b', 'd', 'f', 'h', 'j'].map((key) => put(key, key.toUpperCase())));

  it('of every key and every gap, the ends too', () => {
    for (const key of 'abcdefghijk') {
      const proof = proveState(state, bytesOf(key));
      const value = state.get(bytesOf(key));
      expect(proof.present).toBe(value !== undefined);
      expect(verifyStateProof(proof, bytesOf(key), state.root())).toEqual({ ok: true, value });
    }
  });

  it('of an empty state', () => {
    const empty = new KeyValueState();
    expect(verifyStateProof(proveState(empty, bytesOf('a')), bytesOf('a'), empty.root())).toEqual({ ok: true, value: undefined });
    expect(verifyStateProof(proveState(empty, bytesOf('a')), bytesOf('a'), state.root())).toMatchObject({ ok: false });
  });
});
