import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { fromHex } from '../base/bytes.ts';
import type { PaymentRequest, StakingRequest } from '../widget/confirm-messages.ts';
import { makeTransaction } from './make-transaction.ts';
import { readTransaction, sameFacts } from './read-transaction.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const base = { nonce: '0'.repeat(32), host: 'https://shop.example', network: 'unit-albatross' };
const payment: PaymentRequest = { ...base, kind: 'payment', recipient: NOBODY, value: '2099999999999999', fee: '1', message: 'Grüße' };
const staking = (fields: Partial<StakingRequest> & Pick<StakingRequest, 'action'>): StakingRequest => ({ ...base, kind: 'staking', ...fields });
const validity = { networkId: 7, start: 100 };
const facts = (request: PaymentRequest | StakingRequest) => readTransaction(makeTransaction(request, RICH, validity).serialize());

describe('what is shown', () => {
  it('of a payment is read from its bytes', () => {
    expect(facts(payment)).toEqual({ sender: RICH, recipient: NOBODY, value: 2_099_999_999_999_999n, fee: 1n, networkId: 7, data: new TextEncoder().encode('Grüße'), staking: undefined });
  });

  it('of each staking action is read from its bytes', () => {
    const contract = 'NQ77 0000 0000 0000 0000 0000 0000 0000 0001';
    const none = { staker: undefined, delegation: undefined, reactivateAllStake: false, amount: undefined };
    expect(facts(staking({ action: 'create-staker', value: '10000000', delegation: NOBODY }))).toMatchObject({ sender: RICH, recipient: contract, value: 10_000_000n, staking: { ...none, action: 'create-staker', delegation: NOBODY } });
    expect(facts(staking({ action: 'add-stake', value: '5' }))).toMatchObject({ value: 5n, staking: { ...none, action: 'add-stake', staker: RICH } });
    expect(facts(staking({ action: 'update-staker', delegation: NOBODY, reactivateAllStake: true, fee: '7' }))).toMatchObject({ value: 0n, fee: 7n, staking: { ...none, action: 'update-staker', delegation: NOBODY, reactivateAllStake: true } });
    expect(facts(staking({ action: 'set-active-stake', value: '0' }))).toMatchObject({ value: 0n, staking: { ...none, action: 'set-active-stake', amount: 0n } });
    expect(facts(staking({ action: 'retire-stake', value: '9' }))).toMatchObject({ value: 0n, staking: { ...none, action: 'retire-stake', amount: 9n } });
    expect(facts(staking({ action: 'remove-stake', value: '9' }))).toMatchObject({ sender: contract, recipient: RICH, value: 9n, staking: { ...none, action: 'remove-stake' } });
  });

  it('differs if anything but the validity start does', () => {
    const shown = facts(payment)!;
    const later = readTransaction(makeTransaction(payment, RICH, { ...validity, start: 200 }).serialize())!;
    expect(sameFacts(shown, later)).toBe(true);
    for (const change of [{ recipient: 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28' }, { value: '1' }, { fee: '2' }, { message: 'Grüsse' }]) expect(sameFacts(shown, facts({ ...payment, ...change })!)).toBe(false);
    expect(sameFacts(shown, readTransaction(makeTransaction(payment, RICH, { ...validity, networkId: 24 }).serialize())!)).toBe(false);
  });

  it('is nothing for kinds of transactions that the page does not sign', () => {
    const shown = vectors.transactions.filter(({ hex }) => readTransaction(fromHex(hex))).map(({ name }) => name);
    expect(shown.length).toBeGreaterThan(10);
    for (const name of shown) expect(name).toMatch(/basic|64 bytes|65 bytes|oneself|\d of 3|ES256|WebAuthn|(?:create|update) staker|add stake|active stake|retire stake|remove stake/u);
    for (const name of ['vesting claim', 'HTLC creation, sha256', 'delete validator', 'update validator: voting key', 'retire validator']) {
      const { hex } = vectors.transactions.find((it) => it.name === name)!;
      expect([name, readTransaction(fromHex(hex))]).toEqual([name, undefined]);
    }
  });
});
