import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `not-an-object`: the whole, or a nested value, is not a plain object.
 * - `wrong-type`: a field is missing or of another type.
 * - `out-of-range`: a number, a length or a text outside what is allowed.
 * - `not-hex`: a text that is not lower-case hex.
 * - `genesis-undecodable`: the genesis bytes are no block.
 * - `genesis-not-election`: they are a block, but no election block.
 * - `genesis-hash-mismatch`: their hash differs from the parameters' hash.
 * - `genesis-invalid`: the block breaks a rule for all blocks; the message names its code.
 * - `verifying-key-invalid`: the bytes are no verifying key: a wrong length, or a point that is not on its curve.
 */
export type NetworkParametersErrorCode =
  | 'not-an-object'
  | 'wrong-type'
  | 'out-of-range'
  | 'not-hex'
  | 'genesis-undecodable'
  | 'genesis-not-election'
  | 'genesis-hash-mismatch'
  | 'genesis-invalid'
  | 'verifying-key-invalid';

/** Network parameters that cannot be used. */
export class NetworkParametersError extends CodedError<NetworkParametersErrorCode> {
  override readonly name = 'NetworkParametersError';
  /** The faulty field, `''` for the whole. */
  readonly field: string;

  constructor(code: NetworkParametersErrorCode, field: string, detail: string) {
    super(code, `${code}: ${field === '' ? '' : `${field}: `}${detail}`, { field });
    this.field = field;
  }
}
