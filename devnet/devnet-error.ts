export type DevnetErrorCode = 'unknown-peer' | 'unknown-fault' | 'closed' | 'impossible' | 'unknown-account' | 'refused';

/** A command that cannot be carried out. */
export class DevnetError extends Error {
  override readonly name = 'DevnetError';
  readonly code: DevnetErrorCode;
  constructor(code: DevnetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
