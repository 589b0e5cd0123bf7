import type { AccountView, Answer } from '../../client/types.ts';
import { settled } from '../../page/accounts/settled.ts';
import type { KnownBalance } from './use-balances.ts';

/** How sure a balance is, or the weakest of several. `kept`: from an earlier visit. `none`: nothing is known. */
export type BalanceVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly time: number; readonly height: number }
  | { readonly kind: 'final' | 'pending' | 'claimed'; readonly answer: Answer<AccountView> };

const order: readonly BalanceVerdict['kind'][] = ['none', 'kept', 'claimed', 'pending', 'final'];

/** `fresh`: peers can be reached, so that what this page proved is followed. */
export function verdictOf({ known, last }: Pick<KnownBalance, 'known' | 'last'>, fresh: boolean): BalanceVerdict {
  const answer = known && settled(known);
  if (answer && fresh) return { kind: answer.level === 'claimed' ? 'claimed' : answer.finality, answer };
  const { height, time } = answer ? { height: answer.block.height, time: answer.block.timestamp } : (last ?? {});
  return height === undefined || time === undefined ? { kind: 'none' } : { kind: 'kept', height, time };
}

/** A sum is as sure as its weakest part, and as old as its oldest. */
export function weakest(verdicts: readonly BalanceVerdict[]): BalanceVerdict {
  const height = (verdict: BalanceVerdict) => ('answer' in verdict ? verdict.answer.block.height : 'height' in verdict ? verdict.height : 0);
  return verdicts.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || height(a) - height(b))[0] ?? { kind: 'none' };
}
