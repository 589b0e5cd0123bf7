import { CodedError } from '../../../base/coded-error.ts';

export type StacksNetworkErrorCode =
  | 'not-an-object'
  /** A field is missing, or of another type. */
  | 'wrong-type'
  | 'out-of-range'
  | 'not-hex'
  /** The file is of another chain. */
  | 'other-chain'
  /** Epochs do not ascend, or none is 3.0, from which on signers certify blocks. */
  | 'bad-epochs'
  /** The boot address is not that of a main or test network. */
  | 'bad-boot-address'
  /** The set is empty, a key is there twice or not in ascending order, or a weight is wrong. */
  | 'bad-signers'
  /** The checkpoint lies before Nakamoto, or its burn height in another cycle than it says. */
  | 'bad-checkpoint'
  /** A gateway that is no https address, or http of another machine. */
  | 'bad-gateway';

/** Parameters of a network that cannot be used. */
export class StacksNetworkError extends CodedError<StacksNetworkErrorCode> {
  override readonly name = 'StacksNetworkError';
  /** The faulty field, `''` for the whole. */
  readonly field: string;

  constructor(code: StacksNetworkErrorCode, field: string, detail: string) {
    super(code, `${code}: ${field === '' ? '' : `${field}: `}${detail}`, { field });
    this.field = field;
  }
}
