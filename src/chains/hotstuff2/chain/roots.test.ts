import { describe, expect, it } from 'vitest';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { decodePayload } from '../wire/payload.ts';
import { decodeChunk, encodeStateEntry } from '../wire/state-entry.ts';
import { decodeValidatorSet } from '../wire/validator-set.ts';
import { chainIdOf, hashOf, hashOfSet, ZERO_HASH } from './hash.ts';
import { payloadRoot } from './payload-root.ts';
import { leaderOf, quorumOf } from './quorum.ts';
import { stateRoot, stateRootOf } from './state-root.ts';
import { leafHash, rootOfHashes, rootOfPath, treePath, treeRoot } from './tree.ts';

describe('roots and hashes of the vectors', () => {
  it('trees of 0 to 17 leaves', () => {
    for (const { mth, payload, payloadRoot: root, n } of vectors.trees) {
      const leaves = decodePayload(fromHex(payload));
      expect(leaves).toHaveLength(n);
      expect(toHex(treeRoot(leaves))).toBe(mth);
      expect(payloadRoot(leaves)).toBe(root);
    }
  });

  it('hashes of blocks, their parents and the names of chains and sets', () => {
    for (const { blocks, name, chainId, validatorsBytes, validatorsHash } of [vectors.n4, vectors.n7]) {
      for (const block of blocks) expect(hashOf(fromHex(block.header))).toBe(block.hash);
      expect(chainIdOf(name)).toBe(chainId);
      expect(hashOfSet(decodeValidatorSet(fromHex(validatorsBytes)))).toBe(validatorsHash);
      expect(blocks[0]!.header).toContain(ZERO_HASH);
    }
  });

  it('state root from all entries, and from the roots of the chunks', () => {
    const { chunks, chunkRoots, stateRoot: root, entries: count } = vectors.snapshot;
    const decoded = chunks.map((chunk) => decodeChunk(fromHex(chunk)));
    expect(stateRoot(decoded.flat())).toBe(root);
    expect(decoded.map((entries) => toHex(treeRoot(entries.map(encodeStateEntry))))).toEqual(chunkRoots);
    expect(stateRootOf(count, rootOfHashes(chunkRoots.map(fromHex)))).toBe(root);
  });
});

describe('tree', () => {
  it('leads from every leaf of every tree up to 40 leaves to its root, and by no other index or length', () => {
    for (let count = 1; count <= 40; count += 1) {
      const leaves = Array.from({ length: count }, (_, i) => leafHash(Uint8Array.of(i)));
      const root = rootOfHashes(leaves);
      for (let index = 0; index < count; index += 1) {
        const path = treePath(leaves, index);
        expect(rootOfPath(leaves[index]!, index, count, path)).toEqual(root);
        if (count === 1) continue;
        expect(rootOfPath(leaves[index]!, (index + 1) % count, count, path)).not.toEqual(root);
        expect(rootOfPath(leaves[index]!, index, count, path.slice(1))).not.toEqual(root);
        expect(rootOfPath(leaves[index]!, index, count, [...path, root])).toBeUndefined();
      }
    }
  });

  it('has no path to an index outside the tree', () => {
    for (const [index, count] of [[-1, 2], [2, 2], [0, 0], [0.5, 2], [0, Number.POSITIVE_INFINITY]] as const) expect(rootOfPath(new Uint8Array(32), index, count, [])).toBeUndefined();
    expect(rootOfPath(new Uint8Array(32), 0, 2, [concatBytes(new Uint8Array(31))])).toBeUndefined();
  });
});

describe('quorum', () => {
  it('is 2f + 1 where n = 3f + 1, and more where that would let two quorums meet in faulty validators only', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(quorumOf)).toEqual([1, 2, 2, 3, 4, 4, 5, 6, 6, 7]);
    for (let n = 1; n <= 1024; n += 1) {
      const f = Math.floor((n - 1) / 3);
      expect(2 * quorumOf(n) - n).toBeGreaterThan(f);
      expect(quorumOf(n)).toBeLessThanOrEqual(n - f);
    }
  });

  it('takes the leader by view', () => {
    expect([0, 3, 4, 7].map((view) => leaderOf(view, 4))).toEqual([0, 3, 0, 3]);
  });
});
