import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { Mmr } from '../chain/mmr.ts';
import { decodeBlock } from '../wire/block.ts';
import { decodeCompactProof } from '../wire/compact-proof.ts';
import { decodeEvent } from '../wire/event.ts';
import { checkChainPart, checkEventPart, makeCompactProof } from './compact-proof-rules.ts';

const blocks = molochVectors.blocks.map(({ blockBytes }) => decodeBlock(fromHex(blockBytes)));
const range = new Mmr();
for (const { hash } of molochVectors.blocks) range.append(hash);
const flip = (hash: string) => (hash.startsWith('0') ? `1${hash.slice(1)}` : `0${hash.slice(1)}`);

const cases = molochVectors.compactProofs.map((vector) => ({
  vector,
  event: decodeEvent(fromHex(vector.eventBytes)),
  header: blocks[vector.height]!.header,
  later: { height: vector.mmrLeaves, mmrRoot: vector.mmrRoot },
  proof: decodeCompactProof(fromHex(vector.withMmr)),
}));

describe('vectors: compactProofs', () => {
  it('hole 4: all 7 hold, plain and with the range, which the crates refuse', () => {
    expect(cases).toHaveLength(7);
    for (const { vector, event, header, later, proof } of cases) {
      expect(checkEventPart(decodeCompactProof(fromHex(vector.plain)), event, header)).toBeUndefined();
      expect(checkEventPart(proof, event, header)).toBeUndefined();
      expect(checkChainPart(proof, later)).toBeUndefined();
      expect(checkChainPart(decodeCompactProof(fromHex(vector.plain)), later)).toEqual({ step: 'chain', code: 'mmr-missing' });
    }
  });

  it('are made the same', () => {
    for (const { vector, proof } of cases) {
      expect(makeCompactProof(blocks[vector.height]!, vector.index, { range, leaves: vector.mmrLeaves })).toEqual(proof);
      expect(makeCompactProof(blocks[vector.height]!, vector.index)).toEqual({ ...proof, mmr: undefined });
    }
  });

  it('every hash that is changed is noticed', () => {
    for (const { event, header, later, proof } of cases) {
      expect(checkEventPart({ ...proof, eventId: flip(proof.eventId) }, event, header)?.code).toBe('other-event');
      expect(checkEventPart({ ...proof, blockHash: flip(proof.blockHash) }, event, header)?.code).toBe('other-block');
      for (const i of proof.siblings.keys()) expect(checkEventPart({ ...proof, siblings: proof.siblings.with(i, flip(proof.siblings[i]!)) }, event, header)).toMatchObject({ step: 'inclusion', code: 'events-root' });
      const mmr = proof.mmr!;
      for (const i of mmr.siblings.keys()) expect(checkChainPart({ ...proof, mmr: { ...mmr, siblings: mmr.siblings.with(i, flip(mmr.siblings[i]!)) } }, later)?.code).toBe('mmr-peak');
      for (const i of mmr.peaks.keys()) expect(checkChainPart({ ...proof, mmr: { ...mmr, peaks: mmr.peaks.with(i, flip(mmr.peaks[i]!)) } }, later)?.code).toMatch(/^mmr-(?:peak|root)$/u);
      expect(checkChainPart({ ...proof, blockHash: flip(proof.blockHash) }, later)?.code).toBe('mmr-peak');
      expect(checkChainPart(proof, { ...later, mmrRoot: flip(later.mmrRoot) })?.code).toBe('mmr-root');
    }
  });

  it('an index out of range, another height, size or position, and the hash of a block of another height', () => {
    for (const { event, header, later, proof, vector } of cases) {
      const mmr = proof.mmr!;
      expect(checkEventPart({ ...proof, index: header.eventsCount }, event, header)?.code).toBe('event-index');
      expect(checkEventPart({ ...proof, height: vector.height + 1 }, event, header)?.code).toBe('other-height');
      const other = blocks[vector.height - 1]!.header;
      expect(checkEventPart(proof, event, other)?.code).toBe('other-height');
      expect(checkEventPart({ ...proof, height: other.height, blockHash: molochVectors.blocks[other.height]!.hash }, event, other)?.code).toMatch(/^event/u);
      expect(checkChainPart({ ...proof, mmr: { ...mmr, size: mmr.size + 1 } }, later)?.code).toBe('mmr-size');
      expect(checkChainPart({ ...proof, mmr: { ...mmr, position: mmr.position + 1 } }, later)?.code).toBe('mmr-position');
      expect(checkChainPart(proof, { ...later, height: 22 })?.code).toBe('mmr-size');
      // A header proves the blocks before it, and not itself.
      const self = { height: vector.height, mmrRoot: vector.mmrRoot };
      expect(checkChainPart(proof, self)).toBeDefined();
    }
  });

  it('another event in its place is refused', () => {
    const [first, second] = cases as [(typeof cases)[0], (typeof cases)[0]];
    expect(checkEventPart(first.proof, second.event, first.header)?.code).toBe('other-event');
    expect(checkEventPart({ ...first.proof, eventId: second.proof.eventId }, second.event, first.header)).toBeDefined();
  });
});
