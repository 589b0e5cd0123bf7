import { CodedError } from '../../../base/coded-error.ts';

/** `key`: no text of a key of the state, or not in its one form; `value`: a text that is no value of that kind of key. */
export type StateErrorCode = 'key' | 'value';

export class StateError extends CodedError<StateErrorCode> {
  override readonly name = 'StateError';
  constructor(code: StateErrorCode, detail: string) {
    super(code, `${code}: ${detail}`);
  }
}
