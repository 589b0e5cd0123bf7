import { CodedError } from '../base/coded-error.ts';

/**
 * - `wrong-password`: the password does not open the account or the file.
 * - `weak-password`: a new password with fewer than 8 characters.
 * - `bad-label`: a label with more than 60 characters.
 * - `damaged-record`: the stored record is not what was written. It is kept as it is.
 * - `newer-record`: a newer Petrel wrote the record. It is kept as it is.
 * - `no-account`: there is no account with this id (any more).
 * - `already-there`: this browser has the account (`data.id`).
 * - `changed-elsewhere`: another tab changed the password or the passkey at the same moment. Nothing was written.
 * - `locked`: the account was locked since.
 * - `no-words`: the account is a single private key. It has no words and no further addresses.
 * - `foreign-address`: the account has no key of this address.
 * - `bad-key-file`: neither an encrypted secret nor a text of one.
 * - `too-many`: the account has as many addresses as a record holds.
 * - `no-passkey`: no passkey opens this account, or this browser has none that gives a secret (WebAuthn PRF).
 * - `passkey-failed`: the person ended the passkey's dialog, or the device refused.
 */
export type VaultErrorCode =
  | 'wrong-password'
  | 'weak-password'
  | 'bad-label'
  | 'damaged-record'
  | 'newer-record'
  | 'no-account'
  | 'already-there'
  | 'changed-elsewhere'
  | 'locked'
  | 'no-words'
  | 'foreign-address'
  | 'bad-key-file'
  | 'too-many'
  | 'no-passkey'
  | 'passkey-failed';

/** What the vault refuses. Neither message nor data ever hold a secret. */
export class VaultError extends CodedError<VaultErrorCode> {
  override readonly name = 'VaultError';
}
