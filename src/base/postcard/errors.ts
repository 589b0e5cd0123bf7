import { CodedError } from '../coded-error.ts';

/**
 * - `unexpected-end`: the input ends before the value does, or a claimed length is longer than the rest of the input.
 * - `length-over-limit`: a claimed length is above the bound of its field.
 * - `non-canonical-varint`: a varint has a superfluous last group of zeros, where only the canonical form is allowed.
 * - `number-too-large`: a number does not fit its type, or is above 2^53 - 1 where we keep it as a number.
 * - `invalid-bool`, `invalid-option`: a tag byte other than 0 and 1.
 * - `unknown-variant`: an enum index without a meaning (never for error enums: those read it as `Other`).
 * - `invalid-value`: a value that its type excludes, such as an unknown signature algorithm.
 * - `trailing-bytes`: bytes are left over where none are allowed.
 * - `unused-words`: there are words after the last one that names a slot, where only the canonical form is allowed.
 * - `bad-magic`: a discovery frame that does not begin with the magic number.
 */
export type DecodeErrorCode =
  | 'unexpected-end'
  | 'length-over-limit'
  | 'non-canonical-varint'
  | 'number-too-large'
  | 'invalid-bool'
  | 'invalid-option'
  | 'unknown-variant'
  | 'invalid-value'
  | 'trailing-bytes'
  | 'unused-words'
  | 'bad-magic';

/** Bytes that are not an encoding of the expected type. Decoders throw only this. */
export class DecodeError extends CodedError<DecodeErrorCode> {
  override readonly name = 'DecodeError';
  /** Where the invalid item begins, in bytes from the start of the input. */
  readonly offset: number;
  constructor(code: DecodeErrorCode, offset: number, detail: string) {
    super(code, `${code} at byte ${offset}: ${detail}`);
    this.offset = offset;
  }
}

/**
 * - `wrong-length`: a fixed-size byte string or hash of another size.
 * - `over-limit`: a list or byte string longer than the bound of its field.
 * - `out-of-range`: a number that does not fit its type.
 * - `unknown-variant`: a name the enum does not have.
 * - `inconsistent`: fields that contradict each other.
 */
export type EncodeErrorCode = 'wrong-length' | 'over-limit' | 'out-of-range' | 'unknown-variant' | 'inconsistent';

/** A value that has no encoding: an error of the caller, never of a peer. */
export class EncodeError extends CodedError<EncodeErrorCode> {
  override readonly name = 'EncodeError';
  constructor(code: EncodeErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
