import { CodedError } from '../base/coded-error.ts';

/**
 * - `not-what-was-shown`: the signed bytes say something else than the page showed. Nothing was given out.
 * - `no-head`: the page does not know the newest block yet.
 */
export class ConfirmError extends CodedError<'not-what-was-shown' | 'no-head'> {
  override readonly name = 'ConfirmError';
}
