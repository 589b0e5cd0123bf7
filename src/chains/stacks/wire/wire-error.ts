import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `truncated`: the input ends before the value does, or a count asks for more than is left.
 * - `trailing`: bytes are left over where none are allowed.
 * - `magic`: other first bytes than the format has.
 * - `version`: a version that this client does not know.
 * - `length`: a count or length that its field does not allow.
 * - `number`: a number above 2^53 - 1, or one that does not fit its field.
 * - `type`: a type byte without a meaning.
 * - `text`: bytes that are no text of the field.
 * - `depth`: values nested deeper than the protocol allows.
 * - `duplicate`: an entry is there twice in a list that allows it once.
 */
export type StacksWireErrorCode = 'truncated' | 'trailing' | 'magic' | 'version' | 'length' | 'number' | 'type' | 'text' | 'depth' | 'duplicate';

/** Bytes that are no value of the expected type, or a value that has no bytes. The decoders and encoders of this room throw only this. */
export class StacksWireError extends CodedError<StacksWireErrorCode> {
  override readonly name = 'StacksWireError';
  constructor(code: StacksWireErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
