/**
 * Keys of the state (Stacks reference, 3). The path in the trie is the hash of the text.
 * @module
 */
import { fromHex, toHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { decodeClarity } from '../wire/clarity-decode.ts';
import { encodeClarity } from '../wire/clarity-encode.ts';
import { isClarityName } from '../wire/clarity-value.ts';
import type { ClarityValue } from '../wire/clarity-value.ts';
import { parsePrincipal, principalText } from '../wire/principal.ts';
import type { Principal } from '../wire/principal.ts';
import { StateError } from './state-error.ts';

/** What a key is of. Accounts, owners and contracts are texts: an address, or an address, "." and a name. Keys and assets are hex of the serialised value. */
export type StateKey =
  | { readonly kind: 'balance' | 'nonce'; readonly account: string }
  | { readonly kind: 'contract'; readonly contract: string }
  | { readonly kind: 'variable' | 'token-supply'; readonly contract: string; readonly name: string }
  | { readonly kind: 'map-entry'; readonly contract: string; readonly name: string; readonly key: string }
  | { readonly kind: 'token-balance'; readonly contract: string; readonly name: string; readonly owner: string }
  | { readonly kind: 'asset-owner'; readonly contract: string; readonly name: string; readonly asset: string };

/** Characters of a key's text at most: a serialised key of 1 MiB in hex, and room for the names. */
export const MAX_KEY_TEXT = 2 * 1024 * 1024 + 1024;

/** Hex of a value's serialised form, as keys of maps and assets have it. Throws `ClarityError`. */
export function serialisedHex(value: ClarityValue): string {
  return toHex(encodeClarity(value));
}

/** The text of a key. Throws `StateError` for what is no account, contract or name. */
export function stateKeyText(key: StateKey): string {
  switch (key.kind) {
    case 'balance':
      return `vm-account::${checked(key.account, 'any')}::19`;
    case 'nonce':
      return `vm-account::${checked(key.account, 'any')}::18`;
    case 'contract':
      return `clarity-contract::${checked(key.contract, 'contract')}`;
    case 'map-entry':
      return `${prefix(key, 0)}::${checkedHex(key.key)}`;
    case 'variable':
      return prefix(key, 1);
    case 'token-balance':
      return `${prefix(key, 2)}::${principalJson(principalOf(key.owner))}`;
    case 'token-supply':
      return prefix(key, 3);
    case 'asset-owner':
      return `${prefix(key, 4)}::${checkedHex(key.asset)}`;
  }
}

/** Reads what `stateKeyText` writes, and nothing else. Throws `StateError` with `key`. */
export function parseStateKey(text: string): StateKey {
  const key = text.length > MAX_KEY_TEXT ? undefined : read(text);
  if (!key || stateKeyText(key) !== text) throw new StateError('key', 'no key of the state');
  return key;
}

function read(text: string): StateKey | undefined {
  const account = /^vm-account::([^:]+)::(18|19)$/u.exec(text);
  if (account) return { kind: account[2] === '19' ? 'balance' : 'nonce', account: account[1]! };
  const contract = /^clarity-contract::([^:]+)$/u.exec(text);
  if (contract) return { kind: 'contract', contract: contract[1]! };
  const [, id, kind, name, rest = ''] = /^vm::([^:]+)::([0-4])::([^:]+)(?:::(.+))?$/u.exec(text) ?? [];
  if (id === undefined || name === undefined) return undefined;
  const of = { contract: id, name };
  switch (kind) {
    case '0':
      return { kind: 'map-entry', ...of, key: rest };
    case '1':
      return { kind: 'variable', ...of };
    case '2':
      return { kind: 'token-balance', ...of, owner: ownerOf(rest) };
    case '3':
      return { kind: 'token-supply', ...of };
    default:
      return { kind: 'asset-owner', ...of, asset: rest };
  }
}

function prefix({ contract, name }: { readonly contract: string; readonly name: string }, kind: number): string {
  if (!isClarityName(name)) throw new StateError('key', 'no name of the language');
  return `vm::${checked(contract, 'contract')}::${kind}::${name}`;
}

function principalOf(text: string): Principal {
  try {
    return parsePrincipal(text);
  } catch (error) {
    if (error instanceof CodedError) throw new StateError('key', error.message);
    throw error;
  }
}

function checked(text: string, kind: 'any' | 'contract'): string {
  const { contract } = principalOf(text);
  if (kind === 'contract' && contract === undefined) throw new StateError('key', 'no contract');
  return text;
}

function checkedHex(hex: string): string {
  try {
    if (serialisedHex(decodeClarity(fromHex(hex))) === hex) return hex;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
  throw new StateError('key', 'no serialised value in lower-case hex');
}

/** The owner of tokens is in a key as JSON, as nodes write it. The form for contracts is known from their source only. */
function principalJson({ version, hash, contract }: Principal): string {
  const address = `[${version},[${fromHex(hash).join(',')}]]`;
  return contract === undefined ? `{"Standard":${address}}` : `{"Contract":{"issuer":${address},"name":"${contract}"}}`;
}

function ownerOf(json: string): string {
  const [, contract, version, hash, name] = /^\{"(?:Standard|(Contract))":(?:\{"issuer":)?\[(\d{1,2}),\[((?:\d{1,3},){19}\d{1,3})\]\](?:,"name":"([^"]+)"\})?\}$/u.exec(json) ?? [];
  const bytes = hash?.split(',').map(Number);
  if (!bytes || bytes.some((byte) => byte > 255) || (contract === undefined) !== (name === undefined)) throw new StateError('key', 'no owner of tokens');
  try {
    return principalText({ version: Number(version), hash: toHex(Uint8Array.from(bytes)), contract: name });
  } catch (error) {
    if (error instanceof CodedError) throw new StateError('key', error.message);
    throw error;
  }
}
