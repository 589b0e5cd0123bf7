import type { TransactionView } from '../../client/types.ts';

/**
 * What the proven history of the sender says of a recipient. `own`: an address of this browser. `paid`: paid before. `never`: the whole history
 * has no payment to it. `not-lately`: the newest part has none, and older ones may exist. `unknown`: there is no history yet.
 */
export type Acquaintance =
  | { readonly kind: 'own' | 'never' | 'not-lately' | 'unknown' }
  | { readonly kind: 'paid'; /** Unix milliseconds. */ readonly last: number };

/** Of the four characters after the check digits and the last four: so many are equal in addresses that are made to be confused. */
const ALIKE = 6;

export function acquaintanceOf(recipient: string, own: readonly string[], history: { readonly transactions: readonly TransactionView[] | undefined; readonly more: boolean }): Acquaintance {
  if (own.includes(recipient)) return { kind: 'own' };
  if (!history.transactions) return { kind: 'unknown' };
  const paid = history.transactions.filter((it) => it.recipient === recipient && own.includes(it.sender) && it.executionResult);
  if (paid.length > 0) return { kind: 'paid', last: Math.max(...paid.map((it) => it.timestamp)) };
  return { kind: history.more ? 'not-lately' : 'never' };
}

/** An address that the person knows and that could be taken for `recipient`: the beginning and the end are nearly the same. */
export function lookAlikeOf(recipient: string, known: readonly string[]): string | undefined {
  const edges = edgesOf(recipient);
  return known.find((address) => address !== recipient && Array.from(edgesOf(address)).filter((character, at) => character === edges[at]).length >= ALIKE);
}

function edgesOf(address: string): string {
  const characters = address.replaceAll(' ', '');
  return characters.slice(4, 8) + characters.slice(-4);
}
