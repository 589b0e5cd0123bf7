import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { decode, hash, list, names, struct, u64 } from '../wire/codec.ts';
import { appendLeaf, checkMmrProof, Mmr, mmrRoot, NO_PEAKS } from './mmr.ts';
import { leafPosition, mmrSize, mountains, peakPosition } from './mmr-shape.ts';

/** The proof of the crates: what ours does not have follows from index and number of leaves. */
const libraryProof = struct<{ position: number; leaf: string; siblings: readonly { hash: string; side: 'Left' | 'Right' }[]; peakPosition: number; peaks: readonly string[]; size: number }>({
  position: u64, leaf: hash, siblings: list(struct<{ hash: string; side: 'Left' | 'Right' }>({ hash, side: names('Left', 'Right') })), peakPosition: u64, peaks: list(hash), size: u64,
});

const mmrOf = (leaves: number): Mmr => {
  const mmr = new Mmr();
  for (const leaf of molochVectors.mmrLeaves.slice(0, leaves)) mmr.append(leaf);
  return mmr;
};

describe('vectors: mmr', () => {
  it.each(molochVectors.mmr)('$leaves leaves: root, size, positions and peaks', ({ leaves, root, size, leafPositions, peakPositions, peaks }) => {
    const mmr = mmrOf(leaves);
    expect(mmr.root).toBe(root);
    expect(mmr.nodes.length).toBe(size);
    expect(mmrSize(leaves)).toBe(size);
    expect(mmr.peaks).toEqual({ leaves, peaks });
    expect(mountains(leaves).map(peakPosition)).toEqual(peakPositions);
    expect(Array.from({ length: leaves }, (_, leaf) => leafPosition(leaf))).toEqual(leafPositions);
    expect(leafPositions.map((position) => mmr.nodes[position])).toEqual(molochVectors.mmrLeaves.slice(0, leaves));
  });

  it('the 106 proofs of the crates are made the same, and hold', () => {
    let proofs = 0;
    const largest = mmrOf(20);
    for (const { leaves, root, size, peaks, proofs: vectors } of molochVectors.mmr) {
      for (const vector of vectors) {
        proofs += 1;
        const proof = largest.prove(vector.leafIndex, leaves)!;
        const library = decode(libraryProof, fromHex(vector.bytes));
        expect(library).toMatchObject({ leaf: proof.leaf, position: leafPosition(vector.leafIndex), size, peaks });
        expect(proof.peaks).toEqual(peaks);
        expect(proof.siblings).toEqual(library.siblings.map((sibling) => sibling.hash));
        expect(checkMmrProof(proof, root)).toBeUndefined();
      }
    }
    expect(proofs).toBe(106);
  });

  it('a proof fails at every other index, for every other number of leaves, and with any hash changed', () => {
    for (const { leaves, root, proofs } of molochVectors.mmr) {
      for (const { leafIndex } of proofs) {
        const proof = mmrOf(leaves).prove(leafIndex)!;
        for (let index = -1; index <= leaves; index += 1) expect(checkMmrProof({ ...proof, index }, root) === undefined).toBe(index === leafIndex);
        for (let other = leafIndex + 1; other <= 24; other += 1) {
          if (other === leaves) continue;
          // Another number of leaves may have the same shape only if it is the same number.
          const fault = checkMmrProof({ ...proof, leaves: other }, root);
          expect(fault === undefined && mountains(other).length !== mountains(leaves).length).toBe(false);
        }
        const flipped = (hash: string) => (hash.startsWith('0') ? `1${hash.slice(1)}` : `0${hash.slice(1)}`);
        expect(checkMmrProof({ ...proof, leaf: flipped(proof.leaf) }, root)?.code).toBe('mmr-peak');
        for (const i of proof.siblings.keys()) expect(checkMmrProof({ ...proof, siblings: proof.siblings.with(i, flipped(proof.siblings[i]!)) }, root)?.code).toBe('mmr-peak');
        for (const i of proof.peaks.keys()) expect(checkMmrProof({ ...proof, peaks: proof.peaks.with(i, flipped(proof.peaks[i]!)) }, root)?.code).toMatch(/^mmr-(?:peak|root)$/u);
        expect(checkMmrProof({ ...proof, siblings: [...proof.siblings, proof.leaf] }, root)?.code).toBe('mmr-siblings');
        expect(checkMmrProof({ ...proof, peaks: proof.peaks.slice(0, -1) }, root)?.code).toBe('mmr-peaks');
        expect(checkMmrProof(proof, flipped(root))?.code).toBe('mmr-root');
      }
    }
  });

  it('leaf rule of the blocks: each header has the root over the hashes of the blocks before it', () => {
    let peaks = NO_PEAKS;
    for (const block of molochVectors.blocks) {
      expect(mmrRoot(peaks)).toBe(block.mmrRoot);
      peaks = appendLeaf(peaks, block.hash);
    }
  });

  it('there is no proof of a leaf that is not there', () => {
    const mmr = mmrOf(5);
    expect([mmr.prove(5), mmr.prove(-1), mmr.prove(0, 6), new Mmr().prove(0)]).toEqual([undefined, undefined, undefined, undefined]);
  });
});
