import { CodedError } from '../src/base/coded-error.ts';

export type DevnetErrorCode = 'unknown-peer' | 'unknown-fault' | 'closed' | 'impossible' | 'unknown-account' | 'refused';

/** A command that cannot be carried out. */
export class DevnetError extends CodedError<DevnetErrorCode> {
  override readonly name = 'DevnetError';
}
