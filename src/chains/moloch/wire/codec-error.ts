import { CodedError } from '../../../base/coded-error.ts';

export type MolochCodecCode =
  | 'unexpected-end'
  | 'trailing-bytes'
  | 'bad-bool'
  | 'bad-option'
  | 'bad-index'
  | 'bad-text'
  | 'bad-time'
  | 'bad-key'
  | 'too-large'
  | 'too-deep'
  /** Only of a writer: a value that the encoding cannot hold. */
  | 'bad-value'
  | 'bad-magic'
  | 'bad-version'
  | 'bad-length'
  | 'not-ascending';

/** Bytes that are no value of the encoding (`at`: the offset where the wrong part begins), or a value that has no encoding. */
export class MolochCodecError extends CodedError<MolochCodecCode> {
  override readonly name = 'MolochCodecError';
  constructor(code: MolochCodecCode, at: number, detail: string) {
    super(code, `${code} at ${at}: ${detail}`, { at });
  }
}
