import { describe, expect, it } from 'vitest';
import type { AccountView } from '../client/types.ts';
import { plainAccount } from './plain-account.ts';

const vesting = { type: 'vesting', balance: 900, owner: 'NQ22 2ABY N39C JGQ7 Q12B 8AF8 QRQD 1MYG NNTY', startTime: 1, timeStep: 2, stepAmount: 250, totalAmount: 1000 } as const;
const htlc = {
  type: 'htlc', balance: 77, sender: 'NQ92 VNLC HL3A XG5M NV5M K9L9 08S9 FX7S 6XFP', recipient: 'NQ44 6C40 VQTM PA8D SGJV 1EF6 YPYA RDQY KH7V', hashAlgorithm: 'sha256', hashRoot: '00', hashCount: 2,
  timeout: 3, totalAmount: 78,
} as const;

describe('an account in the official form', () => {
  it('has the same fields', () => {
    for (const view of [{ type: 'basic', balance: 0 }, vesting, htlc] as const) expect(plainAccount(view)).toEqual(view);
  });

  it('is a copy that its owner may change', () => {
    const view: AccountView = {
      type: 'staking', balance: 5, activeValidators: [['NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E', 5]], currentEpochDisabledSlots: [['NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E', [1, 2]]], previousDisabledSlots: [3],
    };
    const plain = plainAccount(view);
    expect(plain).toEqual(view);
    if (plain.type !== 'staking') throw new Error('another type');
    plain.activeValidators[0]?.splice(1, 1, 6);
    plain.currentEpochDisabledSlots[0]?.[1].push(4);
    plain.previousDisabledSlots.push(5);
    expect([view.activeValidators[0]?.[1], view.currentEpochDisabledSlots[0]?.[1], view.previousDisabledSlots]).toEqual([5, [1, 2], [3]]);
  });
});
