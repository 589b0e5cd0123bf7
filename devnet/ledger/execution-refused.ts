import { CodedError } from '../../src/base/coded-error.ts';

/** Why the accounts do not allow a change. */
export type RefusalCode = 'insufficient-funds' | 'wrong-account-type' | 'not-allowed' | 'exists' | 'not-found' | 'unknown-kind';

/** A change that the accounts do not allow; nothing that was changed before it within the same transaction may stay. */
export class ExecutionRefused extends CodedError<RefusalCode> {
  override readonly name = 'ExecutionRefused';
}
