import { CodedError } from '../../../base/coded-error.ts';

export type MolochNetworkErrorCode =
  | 'not-an-object'
  /** A field is missing, or of another type. */
  | 'wrong-type'
  | 'out-of-range'
  | 'not-hex'
  /** The file is of another chain. */
  | 'other-chain'
  /** The bytes are no block. */
  | 'genesis-undecodable'
  /** They are a block that cannot be the first: its height, parent, root or events. */
  | 'genesis-invalid'
  | 'genesis-hash-mismatch'
  /** A validator is there twice, or its key is no point of the curve. */
  | 'bad-validator'
  /** The checkpoint's validators are not those of the file. */
  | 'other-validators';

/** Parameters of a network that cannot be used. */
export class MolochNetworkError extends CodedError<MolochNetworkErrorCode> {
  override readonly name = 'MolochNetworkError';
  /** The faulty field, `''` for the whole. */
  readonly field: string;

  constructor(code: MolochNetworkErrorCode, field: string, detail: string) {
    super(code, `${code}: ${field === '' ? '' : `${field}: `}${detail}`, { field });
    this.field = field;
  }
}
