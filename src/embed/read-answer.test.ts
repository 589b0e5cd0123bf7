import { expect, it } from 'vitest';
import type { ConfirmRequest } from '../widget/confirm-messages.ts';
import { readAnswer } from './read-answer.ts';

const nonce = 'ab'.repeat(16);
const base = { nonce, host: 'https://shop.example', network: 'main-albatross' };
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const payment: ConfirmRequest = { ...base, kind: 'payment', recipient: RICH, value: '1' };
const signed = { nonce, kind: 'transaction', transaction: '00ff', hash: 'cd'.repeat(32), sent: true };

it('takes an answer of the kind that the request has', () => {
  expect(readAnswer(signed, payment)).toEqual(signed);
  expect(readAnswer({ nonce, kind: 'accounts', addresses: [RICH.replaceAll(' ', '')] }, { ...base, kind: 'accounts' })).toEqual({ nonce, kind: 'accounts', addresses: [RICH] });
  expect(readAnswer({ nonce, kind: 'message', publicKey: 'ab', signature: 'cd' }, { ...base, kind: 'message', message: 'm' })).toMatchObject({ publicKey: 'ab' });
  expect(readAnswer({ nonce, kind: 'refused', reason: 'bad-request', field: 'value' }, payment)).toEqual({ nonce, kind: 'refused', reason: 'bad-request', field: 'value' });
});

it('takes nothing else', () => {
  for (const wrong of [undefined, 'text', {}, { ...signed, nonce: 'other' }, { ...signed, kind: 'message' }, { ...signed, hash: 'cd' }, { ...signed, transaction: 'XY' }, { ...signed, transaction: 'abc' }, { ...signed, transaction: '00'.repeat(20_001) }, { nonce, kind: 'refused', reason: 'mood' }]) {
    expect(readAnswer(wrong, payment)).toBe(undefined);
  }
  for (const addresses of [undefined, [], ['NQ00'], [RICH, 5], Array.from({ length: 101 }, () => RICH)]) expect(readAnswer({ nonce, kind: 'accounts', addresses }, { ...base, kind: 'accounts' })).toBe(undefined);
  expect(readAnswer({ nonce, kind: 'accounts', addresses: [RICH] }, payment)).toBe(undefined);
});
