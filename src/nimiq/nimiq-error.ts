import { CodedError } from '../base/coded-error.ts';

export type NimiqErrorCode =
  /** The official client has this, this client has not: `data.what`. `docs/wallets.md` lists all. */
  | 'unsupported'
  /** Neither this client nor a peer has it. The message is the official client's. */
  | 'not-found'
  /** A value in the configuration that no client could use: `data.option`. */
  | 'bad-configuration'
  /** An argument of another kind than the method takes: `data.argument`. */
  | 'bad-argument'
  /** Fewer peers are connected than the call asks for: `data.wanted`, `data.connected`. */
  | 'not-enough-peers'
  /** The time that the caller gave has passed. */
  | 'timeout';

/** An error of the official client's API on ours. Errors of the client below (`QuestionError`, `CallError`, `KeysError`) pass through. */
export class NimiqError extends CodedError<NimiqErrorCode> {
  override readonly name = 'NimiqError';
}

/** What the official client has and this one has not. */
export function unsupported(what: string): NimiqError {
  return new NimiqError('unsupported', `${what} is not supported`, { what });
}
