import { describe, expect, it } from 'vitest';
import { ProofFileError } from '../chains/albatross/proof-file/proof-file-error.ts';
import type { VerifiedProof } from '../chains/albatross/proof-file/verified-proof.ts';
import { describeProof, describeRefusal } from './describe-proof.ts';

const hash = (digit: string): string => digit.repeat(64);
const proof: VerifiedProof = {
  network: { name: 'main-albatross', genesisHash: hash('a'), development: false },
  statement: { type: 'account', address: 'NQ07 0000', value: { type: 'basic', balance: 1_234_500_007 } },
  level: 'proven',
  finality: 'final',
  block: { height: 3_456_001, hash: hash('b'), timestamp: 1_732_034_720_000 },
  finalBy: { height: 3_456_060, hash: hash('c'), timestamp: 1_732_034_780_000 },
  restsOn: { kind: 'genesis', height: 3_456_000, hash: hash('a') },
  checked: { signed: 1, named: 59 },
};

describe('in plain words', () => {
  it('an account', () => {
    expect(describeProof(proof)).toEqual([
      'Proven: the account NQ07 0000 (basic) had 12345.00007 NIM as of block 3456001.',
      `Block: 3456001 of main-albatross, 2024-11-19T16:45:20.000Z, hash ${hash('b')}`,
      `Final: by macro block 3456060, hash ${hash('c')}`,
      `Rests on: the genesis block 3456000, hash ${hash('a')}`,
      'Checked: 1 block with the signatures of two thirds of the slots, 59 blocks named by the hash in another one.',
      'Trust: proven',
    ]);
  });

  it.each([
    [{ type: 'staker', address: 'NQ1', value: undefined }, 'Proven: there was no staker NQ1 as of block 3456001.'],
    [{ type: 'staker', address: 'NQ1', value: { balance: 100_000, delegation: 'NQ2', inactiveBalance: 0, inactiveFrom: undefined, inactiveRelease: undefined, retiredBalance: 5 } }, 'Proven: the staker NQ1 had active 1.00000 NIM, inactive 0.00000 NIM, retired 0.00005 NIM, delegated to NQ2, as of block 3456001.'],
    [{ type: 'validator', address: 'NQ1', value: undefined }, 'Proven: there was no validator NQ1 as of block 3456001.'],
    [
      { type: 'transaction', hash: hash('d'), value: { hash: hash('d'), kind: 'transaction', state: 'confirmed', sender: 'NQ1', recipient: 'NQ2', value: 250_000, fee: 138, blockHeight: 3_456_001, timestamp: 0, confirmations: 60, executionResult: false, bytes: new Uint8Array(0) } },
      `Proven: the transaction ${hash('d')} of 2.50000 NIM (fee 0.00138 NIM) from NQ1 to NQ2 failed, and paid only its fee, in block 3456001.`,
    ],
    [{ type: 'block', hash: hash('b'), value: { type: 'micro', version: 1, epoch: 1, batch: 1, parentHash: hash('a'), stateRoot: hash('1'), historyRoot: hash('2'), bodyRoot: hash('3') } }, `Proven: the micro block 3456001 with hash ${hash('b')} is on the chain.`],
  ] as const)('%o', (statement, line) => expect(describeProof({ ...proof, statement })[0]).toBe(line));

  it('what deserves no trust', () => {
    const lines = describeProof({ ...proof, network: { ...proof.network, development: true }, restsOn: { kind: 'named', height: 3_499_200, hash: hash('e'), pinned: false }, level: 'claimed' });
    expect(lines.find((line) => line.startsWith('Rests on'))).toContain('ONLY THE FILE NAMES');
    expect(lines.at(-1)).toContain('development network');
  });

  it('a refusal, with its values', () => {
    expect(describeRefusal(new ProofFileError('wrong-proof', { reason: 'wrong-root' }))).toBe('The proof does not lead from the block to what the file states. (reason wrong-root)');
  });
});
