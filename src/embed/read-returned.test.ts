import { expect, it } from 'vitest';
import type { Returned } from '../widget/protocol.ts';
import { readReturned } from './read-returned.ts';

const nonce = 'ab'.repeat(16);
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const returned = (request: unknown, answer: unknown) => ({ request, answer }) as Returned;
const accounts = returned({ nonce, kind: 'accounts' }, { nonce, kind: 'accounts', addresses: [NOBODY] });
const payment = returned({ nonce, kind: 'payment' }, { nonce, kind: 'transaction', transaction: '00', hash: 'cd'.repeat(32), sent: true });
/** That it was sent is the host's word. */
const unsent = { ...(payment.answer as object), sent: false };

it('takes the answer to the request for which the page went away', () => {
  expect(readReturned(accounts, nonce)).toEqual(accounts.answer);
  expect(readReturned(payment, nonce)).toEqual(unsent);
});

it('of what was not asked for takes a signed transaction only', () => {
  for (const away of [undefined, '', 'cd'.repeat(16)]) {
    expect(readReturned(accounts, away)).toBe(undefined);
    expect(readReturned(payment, away)).toEqual(unsent);
  }
});

it('takes nothing without a nonce', () => {
  expect(readReturned(returned({ kind: 'accounts' }, { kind: 'accounts', addresses: [NOBODY] }), undefined)).toBe(undefined);
  for (const request of [undefined, null, 'x', []]) expect(readReturned(returned(request, accounts.answer), undefined)).toBe(undefined);
});
