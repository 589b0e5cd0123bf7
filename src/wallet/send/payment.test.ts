import { describe, expect, it } from 'vitest';
import { KeyPair } from '../../keys/key-pair.ts';
import { PrivateKey } from '../../keys/private-key.ts';
import { feeOf, makePayment } from './make-payment.ts';
import { readPayment } from './read-payment.ts';

const keys = KeyPair.derive(PrivateKey.fromHex('07'.repeat(32)));
const sender = keys.publicKey.toAddress().toUserFriendlyAddress();
const recipient = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

describe('a payment', () => {
  it.each(['', 'x', 'Café'.repeat(12)])('has the chosen fee for each of its bytes, with message “%s”', (message) => {
    const transaction = makePayment({ sender, recipient, value: 2_100_000_000n, fee: feeOf('standard', message), message }, 300, 7);
    transaction.sign(keys, undefined);
    expect(() => transaction.verify(2, 7)).not.toThrow();
    expect(transaction.serializedSize).toBe(Number(transaction.fee));
    expect(transaction.toPlain()).toMatchObject({ sender, recipient, value: 2_100_000_000, validityStartHeight: 300 });
    expect(feeOf('fast', message)).toBe(2n * feeOf('standard', message));
    expect(feeOf('free', message)).toBe(0n);
  });

  it('is read from the form, with a problem for each wrong field', () => {
    const form = { recipient: recipient.toLowerCase(), amount: '1.5', message: 'hi', fee: 100n };
    expect(readPayment(form, 150_100n)).toEqual({ payment: { recipient, value: 150_000n, fee: 100n, message: 'hi' } });
    expect(readPayment(form, undefined)).toHaveProperty('payment');
    expect(readPayment(form, 150_099n)).toEqual({ problems: { amount: 'too-much', message: undefined, recipient: undefined } });
    expect(readPayment({ ...form, recipient: 'NQ', amount: '0', message: 'ä'.repeat(33) }, 0n)).toEqual({ problems: { recipient: { code: 'length', data: 2 }, amount: 'zero', message: 2 } });
    expect(readPayment({ ...form, amount: '1.2.3' }, 0n)).toMatchObject({ problems: { amount: 'not-a-number' } });
  });
});
