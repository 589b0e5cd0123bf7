import { CodedError } from '../base/coded-error.ts';

/**
 * - `wrong-length`: bytes of another length than expected.
 * - `not-hex`: a text that is no hexadecimal text.
 * - `unknown-format`: a text, bytes or value of no known form.
 * - `wrong-type`: a value of another type than expected.
 * - `out-of-range`: a number that its field cannot hold.
 * - `unknown-network`: a network id that no network has.
 * - `not-a-point`: coordinates that are not on the curve.
 * - `invalid-data`: data of a transaction that does not fit its kind.
 * - `unsupported`: something that this function does not do.
 * - `wrong-checksum`: words that are no mnemonic together.
 * - `wrong-password`: a password that does not open the secret, or a damaged secret.
 * - `key-mismatch`: parts that do not belong together.
 */
export type KeysErrorCode = 'wrong-length' | 'not-hex' | 'unknown-format' | 'wrong-type' | 'out-of-range' | 'unknown-network' | 'not-a-point' | 'invalid-data' | 'unsupported' | 'wrong-checksum' | 'wrong-password' | 'key-mismatch';

/** Input of these classes that is invalid. The message never has bytes of a key. */
export class KeysError extends CodedError<KeysErrorCode> {
  override readonly name = 'KeysError';
}
