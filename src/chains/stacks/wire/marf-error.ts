import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `size`: a proof, a path or a list that is longer or shorter than the format allows.
 * - `type`: an entry or a node of an unknown type.
 * - `pointer`: bytes of a block in a pointer that names none.
 */
export type MarfErrorCode = 'size' | 'type' | 'pointer';

/** Bytes that are no MARF proof. */
export class MarfError extends CodedError<MarfErrorCode> {
  override readonly name = 'MarfError';
  constructor(code: MarfErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
