import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `no-participation`: the state names no signers of the next cycle, so that nobody can sign it: the client cannot follow the chain any further.
 * - `checkpoint-too-old`: more cycles have passed since the checkpoint than are followed.
 */
export class StacksClientError extends CodedError<'no-participation' | 'checkpoint-too-old'> {
  override readonly name = 'StacksClientError';
}
