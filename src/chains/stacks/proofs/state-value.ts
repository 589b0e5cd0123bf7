import { fromHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import { decodeClarity } from '../wire/clarity-decode.ts';
import type { ClarityValue } from '../wire/clarity-value.ts';
import { MAX_CLARITY_BYTES } from '../wire/clarity-value.ts';
import { principalText } from '../wire/principal.ts';
import { readAccountRecord } from './account-record.ts';
import type { AccountRecord } from './account-record.ts';
import { StateError } from './state-error.ts';
import type { StateKey } from './state-key.ts';

/** What the state has under a key, by the kind of the key. */
export type StateValue =
  | { readonly kind: 'balance'; readonly record: AccountRecord }
  | { readonly kind: 'nonce'; readonly nonce: number }
  /** `codeHash`: SHA-512/256 of the source; `height`: of the block that has the contract. */
  | { readonly kind: 'contract'; readonly codeHash: Hash; readonly height: number }
  | { readonly kind: 'variable'; readonly value: ClarityValue }
  /** Undefined: the entry was deleted. */
  | { readonly kind: 'map-entry'; readonly value: ClarityValue | undefined }
  | { readonly kind: 'token-balance' | 'token-supply'; readonly amount: bigint }
  /** Undefined: the asset was burnt. */
  | { readonly kind: 'asset-owner'; readonly owner: string | undefined };

/** Characters of a value's text at most: the largest value of Clarity in hex. */
export const MAX_VALUE_TEXT = 2 * MAX_CLARITY_BYTES;

/** The value's text in `data` of an answer: without "0x", which a node also puts before decimal texts. */
export function valueText(data: string): string {
  return data.startsWith('0x') ? data.slice(2) : data;
}

/** Reads the text of a value. Throws `StateError` with `value`. */
export function readStateValue({ kind }: Pick<StateKey, 'kind'>, text: string): StateValue {
  if (text.length > MAX_VALUE_TEXT) throw new StateError('value', `${text.length} characters`);
  switch (kind) {
    case 'balance':
      return { kind, record: readAccountRecord(text) };
    case 'nonce':
      return { kind, nonce: readNonce(text) };
    case 'contract':
      return readContract(text);
    case 'variable':
      return { kind, value: readClarity(text) };
    case 'map-entry':
      return { kind, value: readOptional(text) };
    case 'token-balance':
    case 'token-supply':
      return { kind, amount: readDecimal(text) };
    case 'asset-owner':
      return { kind, owner: readOwner(text) };
  }
}

/** Decimal digits without leading zeros, at most 2^128 - 1. */
function readDecimal(text: string): bigint {
  const number = /^(?:0|[1-9][0-9]{0,38})$/u.test(text) ? BigInt(text) : undefined;
  if (number === undefined || number >= 1n << 128n) throw new StateError('value', 'no decimal number of 128 bits');
  return number;
}

function readNonce(text: string): number {
  const nonce = readDecimal(text);
  if (nonce > Number.MAX_SAFE_INTEGER) throw new StateError('value', 'a nonce above 2^53 - 1');
  return Number(nonce);
}

function readContract(text: string): StateValue {
  if (!/^[0-9a-f]{72}$/u.test(text)) throw new StateError('value', 'no hash of 32 bytes and height of 4');
  return { kind: 'contract', codeHash: text.slice(0, 64), height: Number.parseInt(text.slice(64), 16) };
}

function readClarity(text: string): ClarityValue {
  if (!/^[0-9a-f]*$/u.test(text)) throw new StateError('value', 'no lower-case hex');
  try {
    return decodeClarity(fromHex(text));
  } catch (error) {
    if (error instanceof CodedError) throw new StateError('value', error.message);
    throw error;
  }
}

/** The value in `some`; undefined for `none`. */
function readOptional(text: string): ClarityValue | undefined {
  const value = readClarity(text);
  if (value.type === 'some') return value.value;
  if (value.type === 'none') return undefined;
  throw new StateError('value', `${value.type} where an optional value belongs`);
}

function readOwner(text: string): string | undefined {
  const owner = readOptional(text);
  if (owner === undefined) return undefined;
  if (owner.type !== 'principal') throw new StateError('value', `${owner.type} where an owner belongs`);
  return principalText(owner.principal);
}
