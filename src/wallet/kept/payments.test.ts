import { describe, expect, it } from 'vitest';
import { keptValue } from './kept-value.ts';
import { addPayment, dropPayment, type Payment, readPayments, setPaymentState } from './payments.ts';

const HASH = 'ab'.repeat(32);
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const payment = (fields: Partial<Payment> = {}): Payment => ({ hash: HASH, bytes: '0102', sender: RICH, recipient: RICH, value: '5', fee: '0', message: '', start: 200, time: 1, state: 'sent', ...fields });

describe('the list of payments', () => {
  it('keeps those that are open, and drops what is none', () => {
    const payments = keptValue({ storage: undefined, key: 'p', read: readPayments });
    const hash = (index: number) => index.toString(16).padStart(64, '0');
    addPayment(payments, payment({ hash: hash(0) }));
    for (let index = 1; index <= 60; index++) addPayment(payments, payment({ hash: hash(index), state: 'confirmed' }));
    expect(payments.get()).toHaveLength(50);
    expect(payments.get().at(-1)?.hash).toBe(hash(0));
    expect(readPayments([payment(), { ...payment(), bytes: 'xyz' }, { ...payment(), value: '-1' }, null, 3])).toEqual([payment()]);
    expect(readPayments('x')).toEqual([]);
  });

  it('forgets what was not sent', () => {
    const payments = keptValue({ storage: undefined, key: 'p', read: readPayments });
    addPayment(payments, payment());
    dropPayment(payments, HASH);
    expect(payments.get()).toEqual([]);
  });

  it('does not take back what is final', () => {
    const payments = keptValue({ storage: undefined, key: 'p', read: readPayments });
    addPayment(payments, payment({ state: 'confirmed', height: 5 }));
    setPaymentState(payments, HASH, 'sent', undefined);
    expect(payments.get()[0]).toMatchObject({ state: 'confirmed', height: 5 });
  });
});
