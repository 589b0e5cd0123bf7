import { networkNames } from '../client/networks.ts';
import { Address } from '../keys/address.ts';
import { fromUtf8 } from '../keys/utf8.ts';
import { addressOf } from '../page/accounts/address-of.ts';
import type { ConfirmRequest, StakingRequest } from '../widget/confirm-messages.ts';
import { fieldsOf, type Plain } from '../widget/plain-data.ts';
import { urlOf } from './url-of.ts';

/** A request, or the first field that is wrong. `nonce`: so that the refusal can be answered; empty if there is none. */
export type ParsedRequest = { readonly request: ConfirmRequest } | { readonly field: string; readonly nonce: string };

/** Luna: 21 billion NIM. */
const MAX_LUNA = 2_100_000_000_000_000n;
/** Luna: the staking contract takes no smaller first stake. */
const MIN_STAKE = 10_000_000n;
/** Bytes that nodes take as the data of a payment. */
const MAX_DATA = 64;
/** Bytes of a text to be signed. */
const MAX_MESSAGE = 4_096;

type Fields = Readonly<Record<string, Plain>>;

const base = ['nonce', 'host', 'network', 'kind'];
const names: Readonly<Record<ConfirmRequest['kind'], readonly string[]>> = {
  accounts: base,
  payment: [...base, 'recipient', 'value', 'fee', 'message', 'sender'],
  staking: [...base, 'action', 'value', 'delegation', 'reactivateAllStake', 'fee', 'sender'],
  message: [...base, 'message', 'signer'],
};

/** The fields that each action takes, and whether its value may be 0. */
const actions: Readonly<Record<StakingRequest['action'], { readonly value: bigint | undefined; readonly delegation?: true; readonly reactivate?: true }>> = {
  'create-staker': { value: MIN_STAKE, delegation: true },
  'add-stake': { value: 1n },
  'update-staker': { value: undefined, delegation: true, reactivate: true },
  'set-active-stake': { value: 0n },
  'retire-stake': { value: 1n },
  'remove-stake': { value: 1n },
};

/** Thrown and caught here. */
class WrongField extends Error {
  override readonly name = 'WrongField';
  readonly field: string;
  constructor(field: string) {
    super(field);
    this.field = field;
  }
}

/**
 * Checks a request from outside. Addresses become texts in groups of four. Fields that the kind does not take are wrong, so that nobody
 * believes that they had an effect. `host`: who asks, if the browser tells it otherwise than in the request.
 */
export function parseRequest(value: unknown, host?: string): ParsedRequest {
  const fields = fieldsOf(value);
  if (!fields) return { field: 'request', nonce: '' };
  const given = host === undefined ? fields : { ...fields, host };
  try {
    return { request: requestOf(given) };
  } catch (error) {
    if (!(error instanceof WrongField)) throw error;
    const { nonce } = fields;
    return { field: error.field, nonce: isNonce(nonce) ? nonce : '' };
  }
}

function requestOf(fields: Fields): ConfirmRequest {
  const nonce = fields['nonce'];
  const kind = fields['kind'];
  if (!isNonce(nonce)) throw new WrongField('nonce');
  if (typeof kind !== 'string' || !Object.hasOwn(names, kind)) throw new WrongField('kind');
  const known = names[kind as ConfirmRequest['kind']];
  const unknown = Object.keys(fields).find((name) => fields[name] !== undefined && !known.includes(name));
  if (unknown !== undefined) throw new WrongField(unknown.slice(0, 64));
  const shared = { nonce, host: originIn(fields), network: networkIn(fields) };
  switch (kind as ConfirmRequest['kind']) {
    case 'accounts':
      return { ...shared, kind: 'accounts' };
    case 'payment':
      return paymentOf(shared, fields);
    case 'staking':
      return stakingOf(shared, fields);
    case 'message':
      return { ...shared, kind: 'message', message: textIn(fields, 'message', MAX_MESSAGE) ?? wrong('message'), signer: addressIn(fields, 'signer') };
  }
}

type Shared = { readonly nonce: string; readonly host: string; readonly network: string };

function paymentOf(shared: Shared, fields: Fields): ConfirmRequest {
  const value = lunaIn(fields, 'value', 1n) ?? wrong('value');
  const fee = lunaIn(fields, 'fee', 0n);
  if (BigInt(value) + BigInt(fee ?? 0) > MAX_LUNA) throw new WrongField('fee');
  const recipient = addressIn(fields, 'recipient') ?? wrong('recipient');
  const sender = addressIn(fields, 'sender');
  // The chain has no such transaction.
  if (sender === recipient) throw new WrongField('sender');
  return { ...shared, kind: 'payment', recipient, value, fee, message: textIn(fields, 'message', MAX_DATA), sender };
}

function stakingOf(shared: Shared, fields: Fields): ConfirmRequest {
  const action = fields['action'];
  if (typeof action !== 'string' || !Object.hasOwn(actions, action)) throw new WrongField('action');
  const takes = actions[action as StakingRequest['action']];
  const has = (name: string) => fields[name] !== undefined;
  if (takes.value === undefined && has('value')) throw new WrongField('value');
  if (!takes.delegation && has('delegation')) throw new WrongField('delegation');
  if (!takes.reactivate && has('reactivateAllStake')) throw new WrongField('reactivateAllStake');
  const reactivateAllStake = fields['reactivateAllStake'];
  if (reactivateAllStake !== undefined && typeof reactivateAllStake !== 'boolean') throw new WrongField('reactivateAllStake');
  const value = takes.value === undefined ? undefined : (lunaIn(fields, 'value', takes.value) ?? wrong('value'));
  const fee = lunaIn(fields, 'fee', 0n);
  if (BigInt(value ?? 0) + BigInt(fee ?? 0) > MAX_LUNA) throw new WrongField('fee');
  return { ...shared, kind: 'staking', action: action as StakingRequest['action'], value, delegation: addressIn(fields, 'delegation'), reactivateAllStake, fee, sender: addressIn(fields, 'sender') };
}

function wrong(field: string): never {
  throw new WrongField(field);
}

function isNonce(value: Plain): value is string {
  return typeof value === 'string' && /^[\da-f]{32}$/u.test(value);
}

/** An origin as browsers write it. Pages that have none (`null`) may not ask: nobody could tell who asks. */
function originIn(fields: Fields): string {
  const host = fields['host'];
  const isOrigin = typeof host === 'string' && host.length <= 300 && /^https?:\/\//u.test(host) && urlOf(host)?.origin === host;
  return isOrigin ? host : wrong('host');
}

function networkIn(fields: Fields): string {
  const network = fields['network'];
  const isKnown = typeof network === 'string' && ((networkNames as readonly string[]).includes(network) || /^\/(?![/\\])[\w./-]{1,200}$/u.test(network));
  return isKnown ? network : wrong('network');
}

function addressIn(fields: Fields, name: string): string | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  const read = typeof text === 'string' && text.length <= 100 ? addressOf(text) : undefined;
  return read && 'address' in read ? Address.fromUserFriendlyAddress(read.address).toUserFriendlyAddress() : wrong(name);
}

/** A decimal text without zeros before it. */
function lunaIn(fields: Fields, name: string, least: bigint): string | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^(?:0|[1-9]\d{0,15})$/u.test(text)) throw new WrongField(name);
  const luna = BigInt(text);
  return luna >= least && luna <= MAX_LUNA ? text : wrong(name);
}

/** A text whose UTF-8 is no longer than `most` bytes. Half a surrogate pair has no UTF-8. */
function textIn(fields: Fields, name: string, most: number): string | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  const isText = typeof text === 'string' && !/\p{Surrogate}/u.test(text) && fromUtf8(text).length <= most;
  return isText ? text : wrong(name);
}
