import { CodedError } from '../../base/coded-error.ts';
import type { SyncErrorCode } from './sync-views.ts';

/** Why a call of the sync manager has failed. What was verified before is kept. */
export class SyncError extends CodedError<SyncErrorCode> {
  override readonly name = 'SyncError';
}
