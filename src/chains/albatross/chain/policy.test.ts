import { describe, expect, it } from 'vitest';
import { unitAlbatross } from './networks/unit-albatross.ts';
import { policyOf } from './policy-of.ts';
import { policyWith } from './policy.ts';

const unit = policyOf(unitAlbatross);
const main = policyWith({ genesisNumber: 3_456_000, blocksPerBatch: 60, batchesPerEpoch: 720 });

describe('policy', () => {
  it("has the network's numbers", () => {
    expect(unit).toMatchObject({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4, blocksPerEpoch: 128 });
    expect(main.blocksPerEpoch).toBe(43_200);
  });

  it.each([
    // height, epoch, batch, epochIndex, batchIndex, macro, election
    [200, 0, 0, 127, 31, true, true],
    [201, 1, 1, 0, 0, false, false],
    [231, 1, 1, 30, 30, false, false],
    [232, 1, 1, 31, 31, true, false],
    [233, 1, 2, 32, 0, false, false],
    [327, 1, 4, 126, 30, false, false],
    [328, 1, 4, 127, 31, true, true],
    [329, 2, 5, 0, 0, false, false],
    [456, 2, 8, 127, 31, true, true],
  ])('computes the position of block %i', (height, epoch, batch, epochIndex, batchIndex, macro, election) => {
    expect([unit.epochAt(height), unit.batchAt(height), unit.epochIndexAt(height), unit.batchIndexAt(height)]).toEqual([epoch, batch, epochIndex, batchIndex]);
    expect([unit.isMacro(height), unit.isElection(height), unit.isMicro(height)]).toEqual([macro, election, !macro]);
  });

  it('has no blocks below genesis', () => {
    for (const height of [0, 72, 168, 199]) {
      expect([unit.isMacro(height), unit.isElection(height), unit.isMicro(height)]).toEqual([false, false, false]);
      expect([unit.epochAt(height), unit.batchAt(height)]).toEqual([0, 0]);
    }
  });

  it.each([
    // height, electionAfter, macroAfter, electionBefore, macroBefore, lastElection, lastMacro
    [100, 200, 200, 200, 200, 200, 200],
    [200, 328, 232, 200, 200, 200, 200],
    [201, 328, 232, 200, 200, 200, 200],
    [232, 328, 264, 200, 200, 200, 232],
    [233, 328, 264, 200, 232, 200, 232],
    [328, 456, 360, 200, 296, 328, 328],
    [329, 456, 360, 328, 328, 328, 328],
    [456, 584, 488, 328, 424, 456, 456],
  ])('finds the neighbours of %i', (height, electionAfter, macroAfter, electionBefore, macroBefore, lastElection, lastMacro) => {
    expect([unit.electionBlockAfter(height), unit.macroBlockAfter(height)]).toEqual([electionAfter, macroAfter]);
    expect([unit.electionBlockBefore(height), unit.macroBlockBefore(height)]).toEqual([electionBefore, macroBefore]);
    expect([unit.lastElectionBlock(height), unit.lastMacroBlock(height)]).toEqual([lastElection, lastMacro]);
  });

  it('converts epochs and batches to heights', () => {
    expect([unit.electionBlockOf(0), unit.electionBlockOf(2), unit.macroBlockOf(0), unit.macroBlockOf(5)]).toEqual([200, 456, 200, 360]);
    expect([unit.firstBlockOfEpoch(1), unit.firstBlockOfEpoch(2), unit.firstBlockOfBatch(1), unit.firstBlockOfBatch(2)]).toEqual([201, 329, 201, 233]);
  });

  it('is right for the main network', () => {
    expect(main.electionBlockOf(1289)).toBe(59_140_800);
    expect(main.isElection(53_611_200)).toBe(true);
    expect(main.isMacro(3_456_060)).toBe(true);
  });
});
