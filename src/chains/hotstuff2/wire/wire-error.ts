import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `truncated`: the input ends before the value does, or a claimed length is longer than the rest of the input.
 * - `trailing`: bytes are left over where none are allowed.
 * - `magic`, `version`: other first bytes, or another version byte, than this format has.
 * - `length`: a length that its field does not allow.
 * - `number`: a number above 2^53 - 1, or one that does not fit its field.
 * - `flag`: a flag, type or operation byte without a meaning.
 * - `scheme`: a signature scheme without a meaning.
 * - `order`: indices or keys that do not ascend strictly.
 * - `mismatch`: two fields that must agree differ.
 * - `empty-key`: an operation without a key.
 * - `duplicate-key`: two equal keys in a validator set.
 */
export type WireErrorCode = 'truncated' | 'trailing' | 'magic' | 'version' | 'length' | 'number' | 'flag' | 'scheme' | 'order' | 'mismatch' | 'empty-key' | 'duplicate-key';

/** Bytes that are no value of the expected type, or a value that has no bytes. Decoders and encoders throw only this. */
export class WireError extends CodedError<WireErrorCode> {
  override readonly name = 'WireError';
  constructor(code: WireErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
