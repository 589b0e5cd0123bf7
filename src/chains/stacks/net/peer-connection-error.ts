import { CodedError, type ErrorData } from '../../../base/coded-error.ts';

/**
 * Of a whole connection, which is closed then:
 * - `closed`: the peer or the network ended it. `stopped`: this side did.
 * - `truncated`: it ended, or stood still for too long, inside a frame.
 * - `frame-length`: a frame is longer than its type may be, or shorter than any is.
 * - `malformed`: the bytes of a frame are no frame (`data.wire`).
 * - `preamble`: a rule for preambles is broken (`data.fault`).
 * - `signature`: a frame is not signed with the key of the handshake.
 * - `refused`: the peer refused the handshake (`data.nack`, if it gave a code).
 * - `expired`: the key of the peer is not valid any more.
 * - `wrong-message`: a reply is none to its request.
 * - `flooded`: the peer sends more than anybody needs.
 * - `silent`: no answer to the handshake or to a sign of life.
 *
 * Of one request:
 * - `timeout`: no reply in time; the connection stays.
 * - `busy`: too many requests are under way.
 */
export type PeerConnectionErrorCode =
  | 'closed' | 'stopped' | 'truncated' | 'frame-length' | 'malformed' | 'preamble' | 'signature' | 'refused' | 'expired' | 'wrong-message' | 'flooded' | 'silent' | 'timeout' | 'busy';

export class PeerConnectionError extends CodedError<PeerConnectionErrorCode> {
  override readonly name = 'PeerConnectionError';
  constructor(code: PeerConnectionErrorCode, detail: string, data?: ErrorData) {
    super(code, `${code}: ${detail}`, data);
  }
}
