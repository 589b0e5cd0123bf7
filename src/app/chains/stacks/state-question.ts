import { CodedError } from '../../../base/coded-error.ts';
import type { StacksStateKey } from '../../../client/types.ts';
import { isClarityName } from '../../../chains/stacks/wire/clarity-value.ts';
import { ADDRESS_VERSION, parsePrincipal } from '../../../chains/stacks/wire/principal.ts';
import { readClarity } from './read-clarity.ts';
import { readerTexts as texts } from './reader-texts.ts';

/** What can be read: an account (its balance and nonce), or a key of a contract's state. */
export type ReadKind = keyof typeof texts.kinds;

/** What a person typed. Fields that the kind does not have do not matter. */
export interface Typed {
  readonly kind: ReadKind;
  /** An address or a contract. */
  readonly principal: string;
  readonly name: string;
  /** A literal of the key or the asset, or the address of an owner. */
  readonly key: string;
}

export type StateQuestion = { readonly kind: 'account'; readonly principal: string } | { readonly kind: 'key'; readonly key: StacksStateKey } | { readonly kind: 'wrong'; readonly text: string };

const parsed = (text: string) => {
  try {
    return parsePrincipal(text);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
};

/** What is wrong with an address or, if one is wanted, a contract; undefined: nothing. */
function problemOfPrincipal(text: string, wanted: 'principal' | 'contract', mainnet: boolean): string | undefined {
  const principal = parsed(text);
  if (principal === undefined) return wanted === 'contract' ? texts.badContract(text) : texts.badPrincipal(text);
  const { mainSingle, mainMulti, testSingle, testMulti } = ADDRESS_VERSION;
  const foreign: readonly number[] = mainnet ? [testSingle, testMulti] : [mainSingle, mainMulti];
  if (foreign.includes(principal.version)) return texts.otherNetwork(text, mainnet);
  return wanted === 'contract' && principal.contract === undefined ? texts.badContract(text) : undefined;
}

const wrong = (text: string): StateQuestion => ({ kind: 'wrong', text });

/** The question that the typed fields ask; `wrong` says what is wrong with them. `mainnet`: whether the network is the main one. */
export function stateQuestion(typed: Typed, mainnet: boolean): StateQuestion {
  const principal = typed.principal.trim().replace(/^'/u, '');
  const problem = problemOfPrincipal(principal, typed.kind === 'account' ? 'principal' : 'contract', mainnet);
  if (problem !== undefined) return wrong(problem);
  if (typed.kind === 'account') return { kind: 'account', principal };
  if (typed.kind === 'contract') return { kind: 'key', key: { kind: 'contract', contract: principal } };
  const of = { contract: principal, name: typed.name.trim() };
  if (!isClarityName(of.name)) return wrong(texts.badName(of.name));
  switch (typed.kind) {
    case 'variable':
    case 'token-supply':
      return { kind: 'key', key: { kind: typed.kind, ...of } };
    case 'token-balance': {
      const owner = typed.key.trim().replace(/^'/u, '');
      const ownerProblem = problemOfPrincipal(owner, 'principal', mainnet);
      return ownerProblem === undefined ? { kind: 'key', key: { kind: 'token-balance', ...of, owner } } : wrong(ownerProblem);
    }
    case 'map-entry': {
      const key = readClarity(typed.key);
      return key === undefined ? wrong(texts.badLiteral(typed.key.trim())) : { kind: 'key', key: { kind: 'map-entry', ...of, key } };
    }
    case 'asset-owner': {
      const asset = readClarity(typed.key);
      return asset === undefined ? wrong(texts.badLiteral(typed.key.trim())) : { kind: 'key', key: { kind: 'asset-owner', ...of, asset } };
    }
  }
}
