import { validAddress } from '../page/accounts/address-of.ts';
import type { ConfirmAnswer, ConfirmRequest } from '../widget/confirm-messages.ts';
import { fieldsOf } from '../widget/plain-data.ts';

/** Hex digits of a transaction: far more than one can have. */
const MAX_TRANSACTION = 40_000;
/** Accounts that a person shares at once. */
const MAX_ACCOUNTS = 100;
const reasons: ReadonlySet<unknown> = new Set(['rejected', 'bad-request', 'no-account']);

const kinds: Readonly<Record<ConfirmRequest['kind'], ConfirmAnswer['kind']>> = { accounts: 'accounts', payment: 'transaction', staking: 'transaction', message: 'message' };

/** The answer to a request, checked; `undefined` if it is none, or one to another request. */
export function readAnswer(data: unknown, request: ConfirmRequest): ConfirmAnswer | undefined {
  const fields = fieldsOf(data);
  const { nonce } = request;
  if (!fields || fields['nonce'] !== nonce) return undefined;
  const { kind, reason, field, addresses, transaction, hash, sent, publicKey, signature } = fields;
  if (kind === 'refused') return reasons.has(reason) ? { nonce, kind, reason: reason as 'rejected', ...(typeof field === 'string' ? { field } : {}) } : undefined;
  if (kind !== kinds[request.kind]) return undefined;
  switch (kind) {
    case 'accounts': {
      const list = Array.isArray(addresses) && addresses.length <= MAX_ACCOUNTS ? (addresses as readonly unknown[]).map((address) => (typeof address === 'string' ? validAddress(address) : undefined)) : [];
      return list.length > 0 && list.every((address) => address !== undefined) ? { nonce, kind, addresses: list } : undefined;
    }
    case 'transaction':
      return isHex(transaction, 2, MAX_TRANSACTION) && isHex(hash, 64, 64) ? { nonce, kind, transaction, hash, sent: sent === true } : undefined;
    case 'message':
      return isHex(publicKey, 2, 2_000) && isHex(signature, 2, 2_000) ? { nonce, kind, publicKey, signature } : undefined;
    default:
      return undefined;
  }
}

function isHex(value: unknown, least: number, most: number): value is string {
  return typeof value === 'string' && value.length >= least && value.length <= most && value.length % 2 === 0 && /^[\da-f]*$/u.test(value);
}
