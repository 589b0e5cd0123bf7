import { fromHex } from '../../base/bytes.ts';
import type { Client } from '../../client/types.ts';
import { problemOf } from '../../page/problem-of.ts';
import type { KeptValue } from '../kept/kept-value.ts';
import { addPayment, dropPayment, type Payment, type Payments } from '../kept/payments.ts';

/** Codes with which no peer can have the payment. */
const notSent: ReadonlySet<string> = new Set(['invalid-transaction', 'not-sent', 'bad-argument', 'closed']);

/**
 * Gives a signed payment to the network. It is kept before: if the page ends now, it is not forgotten. After an error with which it may be on its
 * way all the same, it stays kept, is followed, and is given to peers again; a person who makes it a second time would pay twice.
 * @throws what the client throws if no peer can have it; then it is forgotten.
 */
export async function givePayment(client: { readonly transactions: Pick<Client['transactions'], 'send'> }, payments: KeptValue<Payments>, payment: Payment): Promise<void> {
  addPayment(payments, payment);
  try {
    await client.transactions.send(fromHex(payment.bytes));
  } catch (error) {
    if (!notSent.has(problemOf(error).code)) return;
    dropPayment(payments, payment.hash);
    throw error;
  }
}
