import { CodedError } from '../../base/coded-error.ts';
import type { SyncErrorCode, SyncStatusView } from './sync-views.ts';

/** Why a call of the sync manager has failed. What was verified before is kept. */
export class SyncError extends CodedError<SyncErrorCode> {
  override readonly name = 'SyncError';
}

/** An error as the status shows it. */
export function failureOf(error: unknown): NonNullable<SyncStatusView['lastError']> {
  return error instanceof CodedError ? { code: error.code, data: error.data } : { code: 'failed', data: { message: String(error).slice(0, 200) } };
}
