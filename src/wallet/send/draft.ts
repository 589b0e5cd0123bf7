import { addressOf } from '../../page/accounts/address-of.ts';
import { plainNim } from '../../ui/nim.ts';
import { readRequestLink } from '../receive/request-link.ts';
import type { FeeRate } from './make-payment.ts';

/** What is entered. */
export interface Draft {
  readonly recipient: string;
  readonly amount: string;
  readonly message: string;
  readonly rate: FeeRate;
}

/** Of an address or a payment link. */
export function draftOf(text: string): Draft {
  const empty: Draft = { recipient: '', amount: '', message: '', rate: 'free' };
  const link = readRequestLink(text);
  if (link) return { ...empty, recipient: link.address, amount: link.value === undefined ? '' : plainNim(link.value), message: link.message ?? '' };
  const read = addressOf(text);
  return { ...empty, recipient: 'address' in read ? read.address : text };
}
