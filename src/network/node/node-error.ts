import { CodedError } from '../../base/coded-error.ts';

/** `already-started`, `listen-failed` (the address cannot be listened on: port in use, no such interface), `invalid-options`. */
export class NodeError extends CodedError<'already-started' | 'listen-failed' | 'invalid-options'> {
  override readonly name = 'NodeError';
}
