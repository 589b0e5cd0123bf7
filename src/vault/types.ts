import type { Transaction } from '../keys/transaction.ts';

/** Characters of a label, at most. */
export const MAX_LABEL = 60;

/** What can be read while the account is locked. */
export interface VaultAddress {
  /** As people read it: `NQ07 …`. */
  readonly address: string;
  /** `m/44'/242'/0'/0'` and so on; undefined if the account is a single private key. */
  readonly path: string | undefined;
  readonly label: string;
}

export interface VaultAccount {
  /** 32 hex digits, chosen at random. */
  readonly id: string;
  readonly label: string;
  /** `words`: derived from 24 words; `key`: one private key. */
  readonly kind: 'words' | 'key';
  /** At least one. */
  readonly addresses: readonly VaultAddress[];
  /** The person said that the words or the key file are kept elsewhere. */
  readonly backedUp: boolean;
  /** Whether `unlockWithPasskey` can open it. */
  readonly passkey: boolean;
}

/** Of a new account. The password needs 8 characters or more. */
export interface NewAccount {
  readonly password: string;
  /** At most `MAX_LABEL` characters, by default empty. */
  readonly label?: string | undefined;
}

/** An opened account. It locks itself after 5 minutes without use; then all but `lock` and `account` throw `locked`. */
export interface Unlocked {
  /** As it is now. */
  readonly account: VaultAccount;
  readonly locked: boolean;
  /** Calls `listener` once, when the account is locked. The returned function removes the listener. */
  onLock(listener: () => void): () => void;
  /** Counts as use: the 5 minutes begin anew. */
  touch(): void;
  /**
   * Signs with the key of the transaction's sender, or of `signer`. Of a transaction from the staking contract the recipient signs. A
   * staking transaction is signed as staker by the same key.
   * @throws {VaultError} `locked`, `foreign-address`.
   * @throws {KeysError} as `Transaction.sign`.
   */
  sign(transaction: Transaction, signer?: string): void;
  /**
   * Signs a text with the prefix of Nimiq's wallets. `address`: whose key signs. Public key and signature are hex.
   * @throws {VaultError} `locked`, `foreign-address`.
   */
  signMessage(address: string, message: string): { readonly publicKey: string; readonly signature: string };
  /** The next address of the words. @throws {VaultError} `locked`, `no-words`, `too-many`, `no-account`. */
  addAddress(label?: string): Promise<VaultAddress>;
  /** The 24 words. @throws {VaultError} `locked`, `no-words`. */
  words(): readonly string[];
  /**
   * The secret as a text that the Nimiq keyguard reads (`#3` for words, then base64), encrypted with a password of its own. The format is
   * the official one. Its key derivation is weak by today's measure, so the password should be long.
   * @throws {VaultError} `locked`, `weak-password`.
   */
  exportKeyFile(password: string): Promise<string>;
  /** Overwrites the secrets with zeros. */
  lock(): void;
}

/**
 * The accounts of this browser. Their secrets are encrypted with a random key for each account, and this key with the password
 * (Argon2id) and, if wanted, with a passkey. All tabs see the same accounts.
 *
 * Methods reject with `VaultError`, with `StorageError` if the browser's database fails, and where stated with `KeysError`.
 */
export interface Vault {
  /** `memory`: the browser stores nothing, and the accounts end with this page. */
  readonly kind: 'stored' | 'memory';
  /** The oldest first. The same array until something changes. */
  accounts(): readonly VaultAccount[];
  /** Records that cannot be read. They are kept. The same array until something changes. */
  damaged(): readonly { readonly id: string; readonly code: 'damaged-record' | 'newer-record' }[];
  /** Calls `listener` after every change of `accounts` or `damaged`, also by another tab. The returned function removes it. */
  subscribe(listener: () => void): () => void;

  /** A new account from new words. They are returned once, to be written down. @throws {VaultError} `weak-password`, `bad-label`. */
  create(account: NewAccount): Promise<{ readonly account: VaultAccount; readonly words: readonly string[] }>;
  /**
   * Of 24 words. Words of Nimiq's first wallets stand for one private key. Some words (1 of 256) are valid as both kinds: then `as` decides,
   * by default `bip39`.
   * @throws {KeysError} `unknown-format` (a foreign word), `wrong-checksum`, `out-of-range` or `wrong-length` (their number).
   * @throws {VaultError} `already-there`, `weak-password`, `bad-label`.
   */
  importWords(words: string | readonly string[], account: NewAccount & { readonly as?: 'bip39' | 'legacy' | undefined }): Promise<VaultAccount>;
  /**
   * Of an encrypted secret of the Nimiq keyguard: the bytes, or their text in hex or base64, with or without `#2` or `#3` before it.
   * @throws {VaultError} `bad-key-file`, `wrong-password` (of the file), `already-there`, `weak-password`, `bad-label`.
   */
  importKeyFile(file: string | Uint8Array, filePassword: string, account: NewAccount): Promise<VaultAccount>;
  /** Of 64 hex digits. @throws {KeysError} `not-hex`, `wrong-length`. @throws {VaultError} `already-there`, `weak-password`, `bad-label`. */
  importPrivateKey(hex: string, account: NewAccount): Promise<VaultAccount>;

  /** Takes a second or so; the page stays responsive. @throws {VaultError} `wrong-password`, `no-account`, `damaged-record`, `newer-record`. */
  unlock(id: string, password: string): Promise<Unlocked>;
  /** Whether this browser may have passkeys that can open accounts. Whether the device has them shows only in `addPasskey`. */
  supportsPasskeys(): Promise<boolean>;
  /** @throws {VaultError} `no-passkey`, `passkey-failed`, `no-account`, `damaged-record`, `newer-record`. */
  unlockWithPasskey(id: string): Promise<Unlocked>;
  /** Lets a passkey of this device open the account, besides the password. @throws {VaultError} `wrong-password`, `no-passkey`, `passkey-failed`, `changed-elsewhere`. */
  addPasskey(id: string, password: string): Promise<void>;
  removePasskey(id: string): Promise<void>;
  /** @throws {VaultError} `wrong-password`, `weak-password`, `changed-elsewhere`. */
  changePassword(id: string, password: string, next: string): Promise<void>;

  /** @throws {VaultError} `bad-label`, `no-account`. */
  rename(id: string, label: string): Promise<void>;
  markBackedUp(id: string): Promise<void>;
  /** Deletes the account, or a damaged record. Without words or key file its funds are lost. */
  remove(id: string): Promise<void>;
  /** Locks what this page has opened, and ends the connection to the database. */
  close(): Promise<void>;
}
