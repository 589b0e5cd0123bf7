/**
 * What the database keeps of an account. A row: version (1 byte) ‖ Blake2b over id and body (32) ‖ body. The checksum tells damage from a
 * wrong password; what holds against a person who changes the database is the encryption, which names the account and the kind.
 * @module
 */
import { concatBytes, equalBytes } from '../base/bytes.ts';
import { bool, bytes, type Codec, decode, DecodeError, encode, fixed, names, option, struct, u32, u64, vec } from '../base/postcard/codec.ts';
import { blake2b } from '../crypto/blake2b.ts';
import { SEALED_KEY_LENGTH, type Sealed, NONCE_LENGTH } from './secret-box.ts';
import { VaultError } from './vault-error.ts';

const VERSION = 1;
const CHECKSUM_LENGTH = 32;

/** Bounds of the record's lists, so that a foreign row cannot claim memory. */
export const MAX_ADDRESSES = 200;
const MAX_LABEL_BYTES = 400;
/** WebAuthn: a credential id has at most 1023 bytes. */
const MAX_CREDENTIAL = 1023;

export const PASSWORD_SALT_LENGTH = 16;
export const PASSKEY_SALT_LENGTH = 32;

/** The key of the account, encrypted with a password. `memory`: kibibytes. */
export interface PasswordSlot {
  readonly memory: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly key: Sealed;
}

/** The key of the account, encrypted with what a passkey gives for `salt`. */
export interface PasskeySlot {
  readonly credential: Uint8Array;
  readonly salt: Uint8Array;
  readonly key: Sealed;
}

export interface AddressRecord {
  readonly address: Uint8Array;
  /** The last part of the path; undefined for a single private key. */
  readonly index: number | undefined;
  readonly label: string;
}

export interface AccountRecord {
  /** Unix milliseconds. */
  readonly created: number;
  readonly kind: 'words' | 'key';
  readonly label: string;
  readonly backedUp: boolean;
  readonly addresses: readonly AddressRecord[];
  /** 32 bytes, encrypted with the key of the account. */
  readonly secret: Sealed;
  readonly password: PasswordSlot;
  readonly passkey: PasskeySlot | undefined;
}

const rawLabel = bytes(MAX_LABEL_BYTES);
const label: Codec<string> = {
  read: (r) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawLabel.read(r));
    } catch (error) {
      if (error instanceof DecodeError) throw error;
      throw new DecodeError('invalid-value', r.offset, 'no UTF-8');
    }
  },
  write: (w, value) => rawLabel.write(w, new TextEncoder().encode(value)),
};
const sealed = struct<Sealed>({ nonce: fixed(NONCE_LENGTH), bytes: fixed(SEALED_KEY_LENGTH) });
const body = struct<AccountRecord>({
  created: u64,
  kind: names(['words', 'key']),
  label,
  backedUp: bool,
  addresses: vec(struct<AddressRecord>({ address: fixed(20), index: option(u32), label }), MAX_ADDRESSES),
  secret: sealed,
  password: struct<PasswordSlot>({ memory: u32, iterations: u32, salt: fixed(PASSWORD_SALT_LENGTH), key: sealed }),
  passkey: option(struct<PasskeySlot>({ credential: bytes(MAX_CREDENTIAL), salt: fixed(PASSKEY_SALT_LENGTH), key: sealed })),
});

export function encodeRecord(id: string, record: AccountRecord): Uint8Array {
  const content = encode(body, record);
  return concatBytes(Uint8Array.of(VERSION), checksum(id, content), content);
}

/** The record in a row, which may be anything. @throws {VaultError} `damaged-record`, `newer-record`. */
export function decodeRecord(id: string, row: unknown): AccountRecord {
  const damaged = (detail: string) => new VaultError('damaged-record', `record of account ${id}: ${detail}`, { id });
  if (!(row instanceof Uint8Array) || row.length < 1 + CHECKSUM_LENGTH) throw damaged('too short');
  const content = row.subarray(1 + CHECKSUM_LENGTH);
  const version = row[0]!;
  if (version !== VERSION) throw version > VERSION ? new VaultError('newer-record', `record of account ${id}: version ${version}`, { id, version }) : damaged('version 0');
  if (!equalBytes(row.subarray(1, 1 + CHECKSUM_LENGTH), checksum(id, content))) throw damaged('wrong checksum');
  try {
    const record = decode(body, content);
    if (record.addresses.length === 0) throw damaged('no address');
    return record;
  } catch (cause) {
    throw cause instanceof DecodeError ? damaged(cause.message) : cause;
  }
}

function checksum(id: string, content: Uint8Array): Uint8Array {
  return blake2b(concatBytes(new TextEncoder().encode(`petrel-wallet\n${VERSION}\n${id}\n`), content));
}
