import { describe, expect, it } from 'vitest';
import { policyWith } from '../../chain/policy.ts';
import { macroChainFault } from './macro-chain-answer.ts';

const policy = policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });
const hash = (n: number) => n.toString(16).padStart(64, '0');
const fault = (epochs: number[], checkpoint?: number, electionHeight = 200) =>
  macroChainFault({ epochs: epochs.map(hash), checkpoint: checkpoint === undefined ? undefined : { blockNumber: checkpoint, hash: hash(checkpoint) } }, policy, electionHeight, 3)?.code;

describe('macroChainFault', () => {
  it("accepts a node's answer", () => {
    expect(fault([])).toBeUndefined();
    expect(fault([], 232)).toBeUndefined();
    expect(fault([328], 360)).toBeUndefined();
    expect(fault([456, 584, 712])).toBeUndefined();
    expect(fault([456], 488, 328)).toBeUndefined();
  });

  it('refuses more epochs than requested, and repetitions', () => {
    expect(fault([1, 2, 3, 4])).toBe('too-many-epochs');
    expect(fault([1, 1])).toBe('repeated-epoch');
  });

  it('refuses an impossible checkpoint', () => {
    expect(fault([], 233)).toBe('impossible-checkpoint');
    expect(fault([], 328)).toBe('impossible-checkpoint');
    expect(fault([], 360)).toBe('impossible-checkpoint');
    expect(fault([328], 232)).toBe('impossible-checkpoint');
  });
});
