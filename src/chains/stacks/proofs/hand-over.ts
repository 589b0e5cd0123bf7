/**
 * How trust passes from one signer set to the next (Stacks reference, 4). In the prepare phase of a cycle a block writes the next cycle's set into the
 * state; that block is signed by the set of the cycle that ends.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { faultOfSet, keyHashOf } from '../chain/signer-set.ts';
import type { SetMember, SignerSet } from '../chain/signer-set.ts';
import { ADDRESS_VERSION, principalText } from '../wire/principal.ts';
import type { ClarityValue } from '../wire/clarity-value.ts';
import { serialisedHex, stateKeyText } from './state-key.ts';
import { readStateValue } from './state-value.ts';

export interface HandOverNetwork {
  /** Whether addresses are those of the main network. */
  readonly mainnet: boolean;
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
export type HandOver = { readonly ok: true; readonly set: SignerSet } | { readonly ok: false; readonly code: HandOverCode };

const refused = (code: HandOverCode) => ({ ok: false, code }) as const;

/** The key under which the state has the set of a cycle. */
export function signerSetKey(cycle: number, { mainnet }: HandOverNetwork): string {
  const boot = principalText({ version: versionOf(mainnet), hash: '00'.repeat(20), contract: 'signers' });
  return stateKeyText({ kind: 'map-entry', contract: boot, name: 'cycle-signer-set', key: serialisedHex({ type: 'uint', value: BigInt(cycle) }) });
}

/**
 * The set of a cycle that a value's text names, in the order of the keys. A set of more than 4000, with a key twice, or with a weight that is not of 1 to
 * 2^32 - 1, is none.
 */
export function readSignerSet(cycle: number, text: string, { mainnet }: HandOverNetwork): HandOver {
  let list: ClarityValue | undefined;
  try {
    const value = readStateValue({ kind: 'map-entry' }, text);
    list = value.kind === 'map-entry' ? value.value : undefined;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
  if (list?.type !== 'list') return refused('not-a-set');
  if (list.items.length === 0) return refused('empty-set');
  const members = list.items.flatMap((item) => memberOf(item, versionOf(mainnet)) ?? []);
  const set = { cycle, members };
  return members.length === list.items.length && faultOfSet(set) === undefined ? { ok: true, set } : refused('not-a-set');
}

/** {signer: address of one key, weight: uint}. Undefined: something else. */
function memberOf(item: ClarityValue, version: number): SetMember | undefined {
  if (item.type !== 'tuple' || item.fields.length !== 2) return undefined;
  const [signer, weight] = item.fields;
  if (signer?.name !== 'signer' || signer.value.type !== 'principal' || weight?.name !== 'weight' || weight.value.type !== 'uint') return undefined;
  const { principal } = signer.value;
  if (principal.version !== version || principal.contract !== undefined || weight.value.value > 0xff_ff_ff_ffn) return undefined;
  return { keyHash: principal.hash, weight: Number(weight.value.value) };
}

/** The rule that the keys which a server gave break: hash and weight must be those of the set, one for one and in order. Undefined: they are its keys. */
export function faultOfCandidates({ members }: SignerSet, candidates: readonly SignerKey[]): HandOverCode | undefined {
  if (members.length === 0) return 'empty-set';
  if (candidates.length !== members.length) return 'candidate-count';
  for (const [i, { key, weight }] of candidates.entries()) {
    if (!/^0[23][0-9a-f]{64}$/u.test(key) || keyHashOf(fromHex(key)) !== members[i]!.keyHash) return 'candidate-key';
    if (weight !== members[i]!.weight) return 'candidate-weight';
  }
  return undefined;
}

function versionOf(mainnet: boolean): number {
  return mainnet ? ADDRESS_VERSION.mainSingle : ADDRESS_VERSION.testSingle;
}
