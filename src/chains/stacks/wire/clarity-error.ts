import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `type`: a type byte without a meaning.
 * - `depth`: values within values, deeper than the language allows.
 * - `size`: a value, a list or a text longer than the language allows.
 * - `name`: no name of a tuple's field or of a contract.
 * - `order`: fields of a tuple that do not ascend strictly.
 * - `text`: characters that the type does not have, or bytes that are not UTF-8.
 * - `number`: a number that does not fit its type.
 * - `principal`: no address, or a checksum that is wrong.
 */
export type ClarityErrorCode = 'type' | 'depth' | 'size' | 'name' | 'order' | 'text' | 'number' | 'principal';

/** Bytes or a text that are no value of Clarity, or a value that has no bytes. */
export class ClarityError extends CodedError<ClarityErrorCode> {
  override readonly name = 'ClarityError';
  constructor(code: ClarityErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
