import { CodedError, type ErrorData } from '../../../base/coded-error.ts';

/**
 * Why a connection came to no session:
 * - `other-network`: the peer is of another chain or has another genesis; `data.theirs`
 * - `other-version`: it speaks another version of the protocol; `data.version`
 * - `handshake`: its first frame was no answer to our Hello, or did not repeat our nonce
 * - `timeout`: it did not answer the Hello in time
 * - `refused`: it refused the Hello, or closed
 */
export type SessionErrorCode = 'other-network' | 'other-version' | 'handshake' | 'timeout' | 'refused';

export class SessionError extends CodedError<SessionErrorCode> {
  override readonly name = 'SessionError';
  constructor(code: SessionErrorCode, data: ErrorData = {}) {
    super(code, code, data);
  }
}
