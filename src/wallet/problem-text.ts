import { problemOf } from '../page/problem-of.ts';
import { textOf } from '../page/code-texts.ts';
import { walletProblems } from './wallet-texts.ts';

/** The text of any error, for a person. */
export function problemText(error: unknown): string {
  const { code, data } = problemOf(error);
  return Object.hasOwn(walletProblems, code) ? walletProblems[code]! : textOf(code, data);
}
