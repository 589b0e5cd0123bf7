import type { Clock } from '../base/clock.ts';
import { AccountType } from '../keys/account-type.ts';
import { Address } from '../keys/address.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import { signMessage } from '../keys/signed-message.ts';
import type { Transaction } from '../keys/transaction.ts';
import { writeKeyFile } from './key-file.ts';
import type { KeyMaterial } from './key-material.ts';
import { requireNewPassword } from './password-key.ts';
import type { AccountRecord } from './record.ts';
import type { Unlocked, VaultAccount, VaultAddress } from './types.ts';
import { VaultError } from './vault-error.ts';

/** Milliseconds without use after which an account locks itself. */
export const IDLE_LIMIT = 300_000;

/** What an opened account needs of its vault. */
export interface Home {
  readonly clock: Clock;
  /** As of now; undefined if the account was removed. */
  recordNow(): AccountRecord | undefined;
  accountNow(): VaultAccount | undefined;
  addAddress(material: KeyMaterial, label: string): Promise<VaultAddress>;
}

export class UnlockedAccount implements Unlocked {
  readonly #material: KeyMaterial;
  readonly #home: Home;
  readonly #listeners = new Set<() => void>();
  #account: VaultAccount;
  #locked = false;
  #used: { readonly now: number; readonly monotonic: number };
  #cancel: () => void;

  /** Takes over `material` and wipes it at the end. */
  constructor(account: VaultAccount, material: KeyMaterial, home: Home) {
    this.#account = account;
    this.#material = material;
    this.#home = home;
    this.#used = this.#time();
    this.#cancel = this.#lockLater();
  }

  get account(): VaultAccount {
    this.#account = this.#home.accountNow() ?? this.#account;
    return this.#account;
  }

  get locked(): boolean {
    return this.#locked;
  }

  onLock(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  touch(): void {
    this.#requireOpen();
    this.#used = this.#time();
    this.#cancel();
    this.#cancel = this.#lockLater();
  }

  sign(transaction: Transaction, signer?: string): void {
    this.touch();
    const own = transaction.senderType === AccountType.Staking ? transaction.recipient : transaction.sender;
    transaction.sign(this.#keyPairOf(signer ?? own.toUserFriendlyAddress()), undefined);
  }

  signMessage(address: string, message: string): { readonly publicKey: string; readonly signature: string } {
    this.touch();
    const keyPair = this.#keyPairOf(address);
    return { publicKey: keyPair.publicKey.toHex(), signature: signMessage(keyPair, message).toHex() };
  }

  async addAddress(label = ''): Promise<VaultAddress> {
    this.touch();
    if (this.#material.kind === 'key') throw new VaultError('no-words', 'a single private key has one address');
    return this.#home.addAddress(this.#material, label);
  }

  words(): readonly string[] {
    this.touch();
    return this.#material.words();
  }

  async exportKeyFile(password: string): Promise<string> {
    this.touch();
    requireNewPassword(password);
    return writeKeyFile(this.#material, password);
  }

  lock(): void {
    if (this.#locked) return;
    this.#locked = true;
    this.#cancel();
    this.#material.wipe();
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  #keyPairOf(text: string): KeyPair {
    const address = Address.fromString(text);
    const bytes = address.serialize().join();
    const known = this.#home.recordNow()?.addresses.find((it) => it.address.join() === bytes);
    const keyPair = known && this.#material.keyPair(known.index);
    // The database could say what it wants: the key decides.
    if (!keyPair?.toAddress().equals(address)) throw new VaultError('foreign-address', `the account has no key of ${address.toUserFriendlyAddress()}`);
    return keyPair;
  }

  /** A timer may come late: a tab in the background, a computer that slept. Some clocks stand still in sleep, so both are asked. */
  #requireOpen(): void {
    const { now, monotonic } = this.#time();
    if (!this.#locked && (now - this.#used.now >= IDLE_LIMIT || monotonic - this.#used.monotonic >= IDLE_LIMIT)) this.lock();
    if (this.#locked) throw new VaultError('locked', 'the account is locked');
  }

  #lockLater(): () => void {
    return this.#home.clock.after(IDLE_LIMIT, () => this.lock());
  }

  #time(): { readonly now: number; readonly monotonic: number } {
    return { now: this.#home.clock.now(), monotonic: this.#home.clock.monotonic() };
  }
}
