import { LUNA } from './nim.ts';
import { uiTexts } from './ui-texts.ts';

/** Why a text is no amount: a key of `uiTexts.amountProblems`. */
export type AmountProblem = keyof typeof uiTexts.amountProblems;

export type ReadAmount = { readonly luna: bigint } | { readonly problem: AmountProblem };

/** Luna: 21 billion NIM. */
const MAX = 21_000_000_000n * LUNA;

/**
 * Reads an amount in NIM that a person entered, exactly: digits, and at most one point or comma before at most five decimals. Digits may be
 * those of any script. "1,234" is refused, because it is 1234 to some readers and 1.234 to others; "1234" and "1,23" are clear.
 */
export function readNim(text: string): ReadAmount {
  const entered = Array.from(text.trim().replaceAll(/[\s\u00a0\u202f]|NIM$/giu, ''), asciiDigit).join('').replaceAll('٫', '.');
  if (entered === '') return { problem: 'empty' };
  const match = /^(\d*)(?:([.,])(\d*))?$/u.exec(entered);
  if (!match || entered === '.' || entered === ',') return { problem: /^\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d*)?$/u.test(entered) ? 'ambiguous-group' : 'not-a-number' };
  const [, integer = '', point, decimals = ''] = match;
  if (point === ',' && decimals.length === 3 && integer.length <= 3) return { problem: 'ambiguous-group' };
  if (decimals.replace(/0+$/u, '').length > 5) return { problem: 'too-precise' };
  // No longer text than the largest amount is turned into a number.
  if (integer.replace(/^0+/u, '').length > 11) return { problem: 'too-large' };
  const luna = BigInt(integer || '0') * LUNA + BigInt(decimals.slice(0, 5).padEnd(5, '0'));
  return luna > MAX ? { problem: 'too-large' } : { luna };
}

/** A decimal digit of any script as its ASCII digit; other characters as they are. Decimal digits stand in runs of ten. */
function asciiDigit(character: string): string {
  if (!/\p{Nd}/u.test(character)) return character;
  let zero = character.codePointAt(0)!;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && character.codePointAt(0)! - zero < 9) zero -= 1;
  return String(character.codePointAt(0)! - zero);
}
