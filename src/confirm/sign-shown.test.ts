import * as official from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import { KeyPair } from '../keys/key-pair.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { Transaction } from '../keys/transaction.ts';
import type { PaymentRequest, StakingRequest } from '../widget/confirm-messages.ts';
import { makeTransaction } from './make-transaction.ts';
import { readTransaction } from './read-transaction.ts';
import { signShown } from './sign-shown.ts';

const keyPair = KeyPair.derive(PrivateKey.fromHex('11'.repeat(32)));
const sender = keyPair.toAddress().toUserFriendlyAddress();
const unlocked = { sign: (transaction: Transaction) => transaction.sign(keyPair, undefined) };
const base = { nonce: '0'.repeat(32), host: 'https://shop.example', network: 'unit-albatross' };
const payment: PaymentRequest = { ...base, kind: 'payment', recipient: 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000', value: '5', message: 'Hello' };
const shownOf = (request: PaymentRequest | StakingRequest) => readTransaction(makeTransaction(request, sender, { networkId: 7, start: 0 }).serialize())!;
const at = { networkId: 7, start: 1000 };

describe('signing', () => {
  it('gives a transaction of every kind that the official client takes, valid from the head on', () => {
    const actions: readonly StakingRequest[] = (['create-staker', 'add-stake', 'update-staker', 'set-active-stake', 'retire-stake', 'remove-stake'] as const).map((action) => ({
      ...base,
      kind: 'staking',
      action,
      value: action === 'update-staker' ? undefined : '10000000',
    }));
    for (const request of [payment, ...actions]) {
      const transaction = Transaction.deserialize(signShown(request, shownOf(request), unlocked, sender, at, 1).serialize());
      transaction.verify(1, 7);
      official.Transaction.fromAny(transaction.toHex()).verify(1, 7);
      expect(transaction.validityStartHeight).toBe(1000);
    }
  });

  it('gives nothing if the bytes are not what was shown', () => {
    const code = expect.objectContaining({ code: 'not-what-was-shown' });
    expect(() => signShown({ ...payment, value: '500' }, shownOf(payment), unlocked, sender, at, 1)).toThrow(code);
    expect(() => signShown(payment, shownOf(payment), unlocked, sender, { ...at, networkId: 24 }, 1)).toThrow(code);
    const changes = { sign: (transaction: Transaction) => ((transaction.data = Uint8Array.of(1)), transaction.sign(keyPair, undefined)) };
    expect(() => signShown(payment, shownOf(payment), changes, sender, at, 1)).toThrow(code);
  });

  it('gives nothing that the chain does not take', () => {
    const unsigned = { sign: () => undefined };
    expect(() => signShown(payment, shownOf(payment), unsigned, sender, at, 1)).toThrow(expect.objectContaining({ name: 'TransactionError' }));
  });
});
