import { CodedError } from '../base/coded-error.ts';

/** Errors in the input of a signing function. Verifying and decoding functions never throw; they return false or undefined. */
export type CryptoInputErrorCode = 'wrong-length' | 'secret-out-of-range' | 'not-a-point' | 'out-of-range' | 'key-mismatch';

/** The caller's own input, never a peer's, is invalid for the function. */
export class CryptoInputError extends CodedError<CryptoInputErrorCode> {
  override readonly name = 'CryptoInputError';
}

/** Throws `wrong-length` unless `bytes` has `length` bytes. */
export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new CryptoInputError('wrong-length', `${what}: expected ${length} bytes, got ${bytes.length}`);
}
