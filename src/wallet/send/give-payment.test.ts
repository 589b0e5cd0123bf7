import { expect, it } from 'vitest';
import { keptValue } from '../kept/kept-value.ts';
import { type Payment, readPayments } from '../kept/payments.ts';
import { givePayment } from './give-payment.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const payment: Payment = { hash: 'ab'.repeat(32), bytes: '0102', sender: RICH, recipient: RICH, value: '5', fee: '0', message: '', start: 200, time: 1, state: 'sent' };

/** Gives the payment to a client whose sending fails with a code. */
function give(code: string) {
  const payments = keptValue({ storage: undefined, key: 'p', read: readPayments });
  let keptBefore = false;
  const send = async () => {
    keptBefore = payments.get().length === 1;
    throw Object.assign(new Error(code), { code });
  };
  return { given: givePayment({ transactions: { send } }, payments, payment), kept: () => payments.get(), keptBefore: () => keptBefore };
}

it('a payment that may be on its way is not offered a second time, and is followed', async () => {
  for (const code of ['timeout', 'hub-lost', 'no-answer']) {
    const { given, kept, keptBefore } = give(code);
    await expect(given).resolves.toBe(undefined);
    expect([keptBefore(), kept()]).toEqual([true, [payment]]);
  }
});

it('a payment that no peer can have is forgotten, and the person is told', async () => {
  for (const code of ['not-sent', 'invalid-transaction', 'bad-argument', 'closed']) {
    const { given, kept } = give(code);
    await expect(given).rejects.toMatchObject({ code });
    expect(kept()).toEqual([]);
  }
});
