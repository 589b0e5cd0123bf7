/**
 * - `truncated`: the input ends before the value does, or a claimed length is longer than the rest of the input.
 * - `trailing`: bytes are left over where none are allowed.
 * - `magic`: other first bytes than the format has.
 * - `length`: a count or length that its field does not allow.
 * - `number`: a number above 2^53 - 1, or one that does not fit its field.
 */
export type FormatErrorCode = 'truncated' | 'trailing' | 'magic' | 'length' | 'number';

/** The error class of a format. Its reader and writer throw nothing else. */
export type FormatError = new (code: FormatErrorCode, detail: string) => Error;
