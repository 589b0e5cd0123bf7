import { CodedError } from '../../../base/coded-error.ts';
import type { StacksStateKey } from '../../../client/types.ts';
import { isClarityName } from '../../../chains/stacks/wire/clarity-value.ts';
import { parsePrincipal } from '../../../chains/stacks/wire/principal.ts';
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

const isPrincipal = (text: string, contract: boolean) => {
  try {
    return parsePrincipal(text).contract !== undefined || !contract;
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
};

const wrong = (text: string): StateQuestion => ({ kind: 'wrong', text });

/** The question that the typed fields ask; `wrong` says what is wrong with them. */
export function stateQuestion(typed: Typed): StateQuestion {
  const principal = typed.principal.trim().replace(/^'/u, '');
  if (typed.kind === 'account') return isPrincipal(principal, false) ? { kind: 'account', principal } : wrong(texts.badPrincipal(principal));
  if (!isPrincipal(principal, true)) return wrong(texts.badContract(principal));
  if (typed.kind === 'contract') return { kind: 'key', key: { kind: 'contract', contract: principal } };
  const of = { contract: principal, name: typed.name.trim() };
  if (!isClarityName(of.name)) return wrong(texts.badName(of.name));
  switch (typed.kind) {
    case 'variable':
    case 'token-supply':
      return { kind: 'key', key: { kind: typed.kind, ...of } };
    case 'token-balance': {
      const owner = typed.key.trim().replace(/^'/u, '');
      return isPrincipal(owner, false) ? { kind: 'key', key: { kind: 'token-balance', ...of, owner } } : wrong(texts.badPrincipal(owner));
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
