import type { PeerId } from '../../engine/peers/peer-net.ts';
import { RtcError } from '../../engine/rtc-host.ts';
import { CodedError } from '../../base/coded-error.ts';

/** A dial that did not lead to a usable connection. */
export class DialError extends CodedError {
  override readonly name = 'DialError';
  /** The peer that proved its id there all the same. */
  readonly peer: PeerId | undefined;
  constructor(code: string, peer?: PeerId) {
    super(code, code);
    this.peer = peer;
  }
}

/** The code of an error that a dial of libp2p threw. */
export function dialErrorCode(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RtcError) return `rtc-${error.code}`;
  if (name === 'DialError' && error instanceof DialError) return error.code;
  if (/dial self/i.test(message)) return 'own-address';
  if (name === 'DialDeniedError' || name === 'ConnectionInterceptedError') return 'banned';
  if (name === 'TimeoutError' || name === 'AbortError') return 'dial-timeout';
  if (/unexpected peer|did not match|payload identity key/i.test(message)) return 'wrong-identity';
  return 'dial-failed';
}
