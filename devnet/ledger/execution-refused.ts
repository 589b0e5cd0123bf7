/** Why the accounts do not allow a change. */
export type RefusalCode = 'insufficient-funds' | 'wrong-account-type' | 'not-allowed' | 'exists' | 'not-found' | 'unknown-kind';

/** A change that the accounts do not allow; nothing that was changed before it within the same transaction may stay. */
export class ExecutionRefused extends Error {
  override readonly name = 'ExecutionRefused';
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
