import { addressOf } from '../../page/accounts/address-of.ts';
import { plainNim } from '../../ui/nim.ts';
import { readNim } from '../../ui/read-nim.ts';
import { MAX_MESSAGE } from '../send/make-payment.ts';
import { utf8Length } from '../send/utf8-length.ts';

/** What a request link asks for. */
export interface PaymentRequestLink {
  /** In groups of four. */
  readonly address: string;
  /** Luna. */
  readonly value?: bigint | undefined;
  readonly message?: string | undefined;
}

/** Characters of a link that is read at all. */
const MAX_LINK = 1_000;

/** A link in the form of Nimiq's wallets: `nimiq:NQ…?amount=12.5&message=…`. Without amount and message it is the address alone. */
export function requestLink({ address, value, message }: PaymentRequestLink): string {
  const amount = value ? plainNim(value).replace(/\.?0+$/u, '') : undefined;
  const query = [...(amount === undefined ? [] : [`amount=${amount}`]), ...(message ? [`message=${encodeURIComponent(message)}`] : [])].join('&');
  return `nimiq:${address.replaceAll(' ', '')}${query === '' ? '' : `?${query}`}`;
}

/** Reads such a link; undefined if it is none. An amount or a message that cannot be is left out. */
export function readRequestLink(text: string): PaymentRequestLink | undefined {
  const match = text.length > MAX_LINK ? null : /^\s*(?:web\+)?nim(?:iq)?:(?:\/\/)?([^?#]+)(?:\?([^#]*))?/iu.exec(text);
  const read = match && addressOf(match[1] ?? '');
  if (!read || !('address' in read)) return undefined;
  const query = new URLSearchParams(match[2] ?? '');
  const amount = readNim(query.get('amount') ?? '');
  const message = query.get('message') ?? '';
  return {
    address: read.address,
    ...('luna' in amount && amount.luna > 0n ? { value: amount.luna } : {}),
    ...(message !== '' && utf8Length(message) <= MAX_MESSAGE ? { message } : {}),
  };
}
