/**
 * How trust passes from one signer set to the next (Stacks reference, 4). In the prepare phase of a cycle a block writes the next cycle's set into the
 * state; that block is signed by the set of the cycle that ends.
 * @module
 */
import { fromHex, toHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { hash160 } from '../../../crypto/hash160.ts';
import { ADDRESS_VERSION, principalText } from '../wire/principal.ts';
import type { ClarityValue } from '../wire/clarity-value.ts';
import { serialisedHex, stateKeyText } from './state-key.ts';
import { readStateValue } from './state-value.ts';

/** Signers in a set at most (Stacks reference, 1: the treatment's bits). */
export const MAX_SET = 4000;

export interface HandOverNetwork {
  /** Whether addresses are those of the main network. */
  readonly mainnet: boolean;
}

/** A signer as the state names it: by the hash of its key. */
export interface SignerEntry {
  /** 40 hex digits. */
  readonly hash160: string;
  readonly weight: number;
}

/** A signer whose key is known. */
export interface SignerKey {
  /** 66 hex digits: the compressed key. */
  readonly key: string;
  readonly weight: number;
}

/**
 * - `not-a-set`: the value is no list of signers, or one of the wrong network; `empty-set`: nobody takes part, so that nobody can sign: a client stops;
 * - `candidate-count`, `candidate-key`, `candidate-weight`: the keys that a server gave are not those that the state names, one for one and in order.
 */
export type HandOverCode = 'not-a-set' | 'empty-set' | 'candidate-count' | 'candidate-key' | 'candidate-weight';
export type HandOver<T> = { readonly ok: true; readonly signers: readonly T[] } | { readonly ok: false; readonly code: HandOverCode };

const refused = (code: HandOverCode) => ({ ok: false, code }) as const;

/** The key under which the state has the set of a cycle. */
export function signerSetKey(cycle: number, { mainnet }: HandOverNetwork): string {
  const boot = principalText({ version: versionOf(mainnet), hash: '00'.repeat(20), contract: 'signers' });
  return stateKeyText({ kind: 'map-entry', contract: boot, name: 'cycle-signer-set', key: serialisedHex({ type: 'uint', value: BigInt(cycle) }) });
}

/** The set that a value's text names, in the order of the keys. */
export function readSignerEntries(text: string, { mainnet }: HandOverNetwork): HandOver<SignerEntry> {
  let list: ClarityValue | undefined;
  try {
    const value = readStateValue({ kind: 'map-entry' }, text);
    list = value.kind === 'map-entry' ? value.value : undefined;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
  if (list?.type !== 'list' || list.items.length > MAX_SET) return refused('not-a-set');
  if (list.items.length === 0) return refused('empty-set');
  const signers = list.items.map((item) => entryOf(item, versionOf(mainnet)));
  const known = new Set(signers.map((signer) => signer?.hash160));
  // Each signer once: two entries of one key would count its signature twice.
  return signers.every((signer) => signer !== undefined) && known.size === signers.length ? { ok: true, signers } : refused('not-a-set');
}

/** {signer: address of one key, weight: uint above zero}. Undefined: something else. */
function entryOf(item: ClarityValue, version: number): SignerEntry | undefined {
  if (item.type !== 'tuple' || item.fields.length !== 2) return undefined;
  const [signer, weight] = item.fields;
  if (signer?.name !== 'signer' || signer.value.type !== 'principal' || weight?.name !== 'weight' || weight.value.type !== 'uint') return undefined;
  const { principal } = signer.value;
  // 4000 weights of 32 bits add up below 2^53.
  if (principal.version !== version || principal.contract !== undefined || weight.value.value < 1n || weight.value.value > 0xff_ff_ff_ffn) return undefined;
  return { hash160: principal.hash, weight: Number(weight.value.value) };
}

/** The keys of a set, if those that a server gave are the ones that the state names: hash and weight, one for one and in order. */
export function acceptCandidates(entries: readonly SignerEntry[], candidates: readonly SignerKey[]): HandOver<SignerKey> {
  if (entries.length === 0) return refused('empty-set');
  if (candidates.length !== entries.length) return refused('candidate-count');
  for (const [i, { key, weight }] of candidates.entries()) {
    if (!/^0[23][0-9a-f]{64}$/u.test(key) || toHex(hash160(fromHex(key))) !== entries[i]!.hash160) return refused('candidate-key');
    if (weight !== entries[i]!.weight) return refused('candidate-weight');
  }
  return { ok: true, signers: candidates.map(({ key, weight }) => ({ key, weight })) };
}

function versionOf(mainnet: boolean): number {
  return mainnet ? ADDRESS_VERSION.mainSingle : ADDRESS_VERSION.testSingle;
}
