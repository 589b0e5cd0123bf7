import { equalBytes, toHex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { systemRandom } from '../base/system.ts';
import { Address } from '../keys/address.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { openKeyFile } from './key-file.ts';
import { KeyMaterial, pathOf } from './key-material.ts';
import type { Passkeys } from './passkey.ts';
import { type PasswordCost, requireNewPassword } from './password-key.ts';
import { type AccountRecord, type AddressRecord, decodeRecord, encodeRecord, MAX_ADDRESSES } from './record.ts';
import { KEY_LENGTH, seal, unseal } from './secret-box.ts';
import { openPasskeySlot, openPasswordSlot, passkeySlot, passwordSlot } from './slots.ts';
import { MAX_LABEL, type NewAccount, type Unlocked, type Vault, type VaultAccount, type VaultAddress } from './types.ts';
import { UnlockedAccount } from './unlocked-account.ts';
import { VaultError } from './vault-error.ts';
import type { VaultRows } from './vault-rows.ts';

/** What tells other tabs that something changed. */
export type ChangeChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

export interface VaultParts {
  readonly rows: VaultRows;
  readonly channel: ChangeChannel | undefined;
  readonly clock: Clock;
  readonly passkeys: Passkeys;
  readonly cost: PasswordCost;
  /** Asks the browser not to drop this site's data by itself. */
  readonly persist: () => Promise<unknown>;
}

type Damaged = ReturnType<Vault['damaged']>[number];

export class LocalVault implements Vault {
  readonly #parts: VaultParts;
  readonly #listeners = new Set<() => void>();
  readonly #open = new Map<Unlocked, string>();
  #records: ReadonlyMap<string, AccountRecord> = new Map();
  #accounts: readonly VaultAccount[] = [];
  #damaged: readonly Damaged[] = [];
  /** The reading of the rows that is under way: they come in order, so that an older state never replaces a newer one. */
  #reading: Promise<void> = Promise.resolve();

  /** Call `load` first. */
  constructor(parts: VaultParts) {
    this.#parts = parts;
    // What another tab cannot tell us is read at the next change.
    parts.channel?.addEventListener('message', () => void this.load().catch(() => undefined));
  }

  get kind(): 'stored' | 'memory' {
    return this.#parts.rows.kind;
  }

  accounts(): readonly VaultAccount[] {
    return this.#accounts;
  }

  damaged(): readonly Damaged[] {
    return this.#damaged;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads all records. */
  load(): Promise<void> {
    const next = this.#reading.then(async () => this.#take(await this.#parts.rows.all()));
    this.#reading = next.catch(() => undefined);
    return next;
  }

  async create(account: NewAccount): Promise<{ readonly account: VaultAccount; readonly words: readonly string[] }> {
    const material = KeyMaterial.generate();
    try {
      return { account: await this.#add(material, account), words: material.words() };
    } finally {
      material.wipe();
    }
  }

  async importWords(words: string | readonly string[], account: NewAccount & { readonly as?: 'bip39' | 'legacy' | undefined }): Promise<VaultAccount> {
    return this.#addAndWipe(KeyMaterial.fromWords(words, account.as ?? 'bip39'), account);
  }

  async importKeyFile(file: string | Uint8Array, filePassword: string, account: NewAccount): Promise<VaultAccount> {
    requireNew(account);
    return this.#addAndWipe(await openKeyFile(file, filePassword), account);
  }

  async importPrivateKey(hex: string, account: NewAccount): Promise<VaultAccount> {
    return this.#addAndWipe(KeyMaterial.of(PrivateKey.fromHex(hex.trim())), account);
  }

  async unlock(id: string, password: string): Promise<Unlocked> {
    const record = await this.#record(id);
    return this.#unlock(id, record, await openPasswordSlot(id, record.password, password));
  }

  supportsPasskeys(): Promise<boolean> {
    return this.#parts.passkeys.isSupported();
  }

  async unlockWithPasskey(id: string): Promise<Unlocked> {
    const record = await this.#record(id);
    if (!record.passkey) throw new VaultError('no-passkey', 'no passkey opens this account');
    return this.#unlock(id, record, await openPasskeySlot(id, record.passkey, this.#parts.passkeys));
  }

  async addPasskey(id: string, password: string): Promise<void> {
    const before = await this.#record(id);
    const key = await openPasswordSlot(id, before.password, password);
    try {
      const passkey = await passkeySlot(id, key, this.#parts.passkeys, before.label || friendly(before.addresses[0]!));
      await this.#update(id, (record) => ({ ...sameLocks(record, before), passkey }));
    } finally {
      key.fill(0);
    }
  }

  async removePasskey(id: string): Promise<void> {
    await this.#update(id, (record) => ({ ...record, passkey: undefined }));
  }

  async changePassword(id: string, password: string, next: string): Promise<void> {
    requireNewPassword(next);
    const before = await this.#record(id);
    const key = await openPasswordSlot(id, before.password, password);
    try {
      const slot = await passwordSlot(id, key, next, this.#parts.cost);
      await this.#update(id, (record) => ({ ...sameLocks(record, before), password: slot }));
    } finally {
      key.fill(0);
    }
  }

  async rename(id: string, label: string): Promise<void> {
    await this.#update(id, (record) => ({ ...record, label: labelOf(label) }));
  }

  async markBackedUp(id: string): Promise<void> {
    await this.#update(id, (record) => ({ ...record, backedUp: true }));
  }

  async remove(id: string): Promise<void> {
    await this.#parts.rows.change(id, (rows) => {
      if (!rows.has(id)) throw noAccount(id);
      return undefined;
    });
    await this.#changed();
  }

  async close(): Promise<void> {
    for (const unlocked of Array.from(this.#open.keys())) unlocked.lock();
    this.#listeners.clear();
    this.#parts.channel?.close();
    await this.#parts.rows.close();
  }

  async #addAndWipe(material: KeyMaterial, account: NewAccount): Promise<VaultAccount> {
    try {
      return await this.#add(material, account);
    } finally {
      material.wipe();
    }
  }

  async #add(material: KeyMaterial, account: NewAccount): Promise<VaultAccount> {
    const label = requireNew(account);
    const id = toHex(systemRandom.bytes(16));
    const key = systemRandom.bytes(KEY_LENGTH);
    const secret = material.bytes();
    try {
      const { kind } = material;
      const address = material.keyPair(0).toAddress().serialize();
      const row = encodeRecord(id, {
        created: this.#parts.clock.now(),
        kind,
        label,
        backedUp: false,
        addresses: [{ address, index: kind === 'words' ? 0 : undefined, label: '' }],
        secret: await seal(key, secret, purposeOf(id, kind)),
        password: await passwordSlot(id, key, account.password, this.#parts.cost),
        passkey: undefined,
      });
      await this.#parts.rows.change(id, (rows) => {
        for (const [other, value] of rows) if (has(other, value, address)) throw new VaultError('already-there', 'this browser has the account', { id: other });
        return row;
      });
    } finally {
      key.fill(0);
      secret.fill(0);
    }
    // A browser that refuses still has the account, and the person the words.
    void this.#parts.persist().catch(() => undefined);
    await this.#changed();
    return this.#account(id);
  }

  /** Takes over `key`. */
  async #unlock(id: string, record: AccountRecord, key: Uint8Array): Promise<Unlocked> {
    const secret = await unseal(key, record.secret, purposeOf(id, record.kind));
    key.fill(0);
    const damaged = (detail: string) => new VaultError('damaged-record', `record of account ${id}: ${detail}`, { id });
    if (!secret) throw damaged('the secret');
    const material = new KeyMaterial(record.kind, secret);
    secret.fill(0);
    if (!record.addresses.every(({ address, index }) => equalBytes(material.keyPair(index).toAddress().serialize(), address))) {
      material.wipe();
      throw damaged('an address is not of this key');
    }
    const unlocked = new UnlockedAccount(this.#account(id), material, {
      clock: this.#parts.clock,
      recordNow: () => this.#records.get(id),
      accountNow: () => this.#accounts.find((it) => it.id === id),
      addAddress: (from, label) => this.#addAddress(id, from, label),
    });
    this.#open.set(unlocked, id);
    unlocked.onLock(() => this.#open.delete(unlocked));
    return unlocked;
  }

  async #addAddress(id: string, material: KeyMaterial, text: string): Promise<VaultAddress> {
    const label = labelOf(text);
    let added: AddressRecord | undefined;
    await this.#update(id, (record) => {
      if (record.addresses.length >= MAX_ADDRESSES) throw new VaultError('too-many', `an account has at most ${MAX_ADDRESSES} addresses`, { most: MAX_ADDRESSES });
      const index = 1 + Math.max(...record.addresses.map((it) => it.index ?? 0));
      added = { address: material.keyPair(index).toAddress().serialize(), index, label };
      return { ...record, addresses: [...record.addresses, added] };
    });
    return viewOfAddress(added!);
  }

  async #update(id: string, change: (record: AccountRecord) => AccountRecord): Promise<void> {
    await this.#parts.rows.change(id, (rows) => {
      if (!rows.has(id)) throw noAccount(id);
      return encodeRecord(id, change(decodeRecord(id, rows.get(id))));
    });
    await this.#changed();
  }

  async #changed(): Promise<void> {
    this.#parts.channel?.postMessage('changed');
    await this.load();
  }

  /** As it is stored now. */
  async #record(id: string): Promise<AccountRecord> {
    await this.load();
    const record = this.#records.get(id);
    if (record) return record;
    const damaged = this.#damaged.find((it) => it.id === id);
    if (damaged) throw new VaultError(damaged.code, `record of account ${id}: ${damaged.code}`, { id });
    throw noAccount(id);
  }

  #account(id: string): VaultAccount {
    const account = this.#accounts.find((it) => it.id === id);
    if (!account) throw noAccount(id);
    return account;
  }

  #take(rows: ReadonlyMap<string, unknown>): void {
    const records = new Map<string, AccountRecord>();
    const damaged: Damaged[] = [];
    for (const [id, row] of rows) {
      try {
        records.set(id, decodeRecord(id, row));
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        damaged.push({ id, code: error.code === 'newer-record' ? 'newer-record' : 'damaged-record' });
      }
    }
    const accounts = Array.from(records, viewOf).sort((a, b) => records.get(a.id)!.created - records.get(b.id)!.created || (a.id < b.id ? -1 : 1));
    const isSame = JSON.stringify([accounts, damaged]) === JSON.stringify([this.#accounts, this.#damaged]);
    this.#records = records;
    if (isSame) return;
    this.#accounts = accounts;
    this.#damaged = damaged;
    for (const [unlocked, id] of this.#open) if (!records.has(id)) unlocked.lock();
    for (const listener of Array.from(this.#listeners)) listener();
  }
}

function viewOf([id, { label, kind, addresses, backedUp, passkey }]: readonly [string, AccountRecord]): VaultAccount {
  return { id, label, kind, addresses: addresses.map(viewOfAddress), backedUp, passkey: passkey !== undefined };
}

function viewOfAddress(record: AddressRecord): VaultAddress {
  return { address: friendly(record), path: record.index === undefined ? undefined : pathOf(record.index), label: record.label };
}

function friendly({ address }: AddressRecord): string {
  return new Address(address).toUserFriendlyAddress();
}

/** What the encryption of a secret is bound to. */
function purposeOf(id: string, kind: AccountRecord['kind']): string {
  return `petrel-wallet 1 secret ${kind} ${id}`;
}

/** The trimmed label. */
function labelOf(text: string): string {
  const label = text.trim();
  if (Array.from(label).length > MAX_LABEL) throw new VaultError('bad-label', `a label has at most ${MAX_LABEL} characters`, { most: MAX_LABEL });
  return label;
}

function requireNew({ password, label }: NewAccount): string {
  requireNewPassword(password);
  return labelOf(label ?? '');
}

/** Whether a row is an account with this first address. A damaged row has no address that could be compared. */
function has(id: string, row: unknown, address: Uint8Array): boolean {
  try {
    return equalBytes(decodeRecord(id, row).addresses[0]!.address, address);
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

/** The record, if password and passkey are those that were read before. */
function sameLocks(record: AccountRecord, before: AccountRecord): AccountRecord {
  const isSame = equalBytes(record.password.key.nonce, before.password.key.nonce) && record.passkey?.key.nonce.join() === before.passkey?.key.nonce.join();
  if (!isSame) throw new VaultError('changed-elsewhere', 'another tab changed the password or the passkey');
  return record;
}

function noAccount(id: string): VaultError {
  return new VaultError('no-account', `no account ${id}`, { id });
}
