import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import mnemonics from '../../test/vectors/wallet/mnemonics.json' with { type: 'json' };
import secrets from '../../test/vectors/wallet/secrets.json' with { type: 'json' };
import { Address } from '../keys/address.ts';
import { PublicKey } from '../keys/public-key.ts';
import { Signature } from '../keys/signature.ts';
import { verifySignedMessage } from '../keys/signed-message.ts';
import { Transaction } from '../keys/transaction.ts';
import { TransactionBuilder } from '../keys/transaction-builder.ts';
import { openVault } from './open-vault.ts';
import type { Passkeys } from './passkey.ts';
import type { Vault } from './types.ts';
import { IDLE_LIMIT } from './unlocked-account.ts';
import { VaultError } from './vault-error.ts';
import { IndexedDbVaultRows } from './vault-rows.ts';

const password = 'correct horse';
const cost = { memory: 8, iterations: 1 };
const code = (code: string) => expect.objectContaining({ name: 'VaultError', code });
const first = mnemonics.mnemonics[0]!;
const [firstPath, secondPath] = first.paths as unknown as readonly { readonly address: string }[];

/** A device with passkeys: its secret depends on credential and salt. */
class FakePasskeys implements Passkeys {
  refuses = false;
  async isSupported() {
    return true;
  }
  async create(_: string, salt: Uint8Array) {
    const credential = crypto.getRandomValues(new Uint8Array(20));
    return { credential, secret: await this.secret(credential, salt) };
  }
  async secret(credential: Uint8Array, salt: Uint8Array) {
    if (this.refuses) throw new VaultError('passkey-failed', 'refused');
    return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from([...credential, ...salt])));
  }
}

const opened: Vault[] = [];
async function vaultOf(parts: Parameters<typeof openVault>[0] = {}): Promise<Vault> {
  const vault = await openVault({ cost, passkeys: new FakePasskeys(), clock: new ManualClock(), ...parts });
  opened.push(vault);
  return vault;
}

beforeEach(async () => {
  await Promise.all(opened.splice(0).map((vault) => vault.close()));
  globalThis.indexedDB = new IDBFactory();
});

describe('accounts of the vault', () => {
  it('are made from new words, and open with the password only', async () => {
    const vault = await vaultOf();
    expect(vault.kind).toBe('stored');
    const { account, words } = await vault.create({ password, label: ' Savings ' });
    expect(words).toHaveLength(24);
    expect(account).toMatchObject({ label: 'Savings', kind: 'words', backedUp: false, passkey: false, addresses: [{ path: "m/44'/242'/0'/0'", label: '' }] });
    expect(vault.accounts()).toEqual([account]);
    await expect(vault.unlock(account.id, 'correct hors')).rejects.toEqual(code('wrong-password'));
    await expect(vault.unlock('00', password)).rejects.toEqual(code('no-account'));
    expect((await vault.unlock(account.id, password)).words()).toEqual(words);
    // Nothing of the secret is in the database.
    const rows = await new IndexedDbVaultRows().all();
    const text = Buffer.from(rows.get(account.id) as Uint8Array).toString('latin1');
    for (const word of words) expect(text).not.toContain(` ${word} `);
  });

  it('ask the browser to keep them, and do without it', async () => {
    let asked = 0;
    const vault = await vaultOf({
      persist: () => {
        asked += 1;
        return Promise.reject(new Error('refused'));
      },
    });
    await vault.create({ password });
    expect([asked, vault.accounts().length]).toEqual([1, 1]);
  });

  it('are there in the next page, and the same password in another form of Unicode opens them', async () => {
    const { account } = await (await vaultOf()).create({ password: 'pässwörter' });
    const again = await vaultOf();
    expect(again.accounts()).toEqual([account]);
    await again.unlock(account.id, 'pässwörter'.normalize('NFD'));
  });

  it('of official words have the official addresses', async () => {
    const vault = await vaultOf();
    const account = await vault.importWords(`  ${first.words.toUpperCase()}\n`, { password });
    expect(account.addresses[0]!.address).toBe(firstPath!.address);
    const unlocked = await vault.unlock(account.id, password);
    expect(await unlocked.addAddress('second')).toEqual({ address: secondPath!.address, path: "m/44'/242'/0'/1'", label: 'second' });
    expect(unlocked.account.addresses).toHaveLength(2);
    await expect(vault.importWords(first.words, { password })).rejects.toEqual(code('already-there'));
    expect(vault.accounts()).toHaveLength(1);
  });

  it('are refused with wrong words, weak passwords and long labels, before anything is stored', async () => {
    const vault = await vaultOf();
    const words = first.words.split(' ');
    await expect(vault.importWords(words.with(3, 'petrel'), { password })).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(vault.importWords(words.toReversed(), { password })).rejects.toMatchObject({ code: 'wrong-checksum' });
    await expect(vault.importWords(words.slice(1), { password })).rejects.toMatchObject({ code: 'out-of-range' });
    await expect(vault.create({ password: '1234567' })).rejects.toEqual(code('weak-password'));
    await expect(vault.create({ password, label: 'x'.repeat(61) })).rejects.toEqual(code('bad-label'));
    await expect(vault.importPrivateKey('00', { password })).rejects.toMatchObject({ code: 'wrong-length' });
    await expect(vault.importKeyFile('?', 'petrel', { password })).rejects.toEqual(code('bad-key-file'));
    expect(vault.accounts()).toEqual([]);
  });

  it('of a key file of the keyguard have its secret, and go back into a key file', async () => {
    const vault = await vaultOf();
    await expect(vault.importKeyFile(secrets.encrypted, 'wrong', { password })).rejects.toEqual(code('wrong-password'));
    const account = await vault.importKeyFile(secrets.encrypted, secrets.password, { password });
    const unlocked = await vault.unlock(account.id, password);
    const file = await unlocked.exportKeyFile('another one');
    expect(file).toMatch(/^#3[A-Za-z0-9+/]{75}=$/u);
    await vault.remove(account.id);
    expect(unlocked.locked).toBe(true);
    const again = await vault.importKeyFile(file, 'another one', { password });
    expect(again.addresses).toEqual(account.addresses);
  });

  it('of one private key have one address and no words', async () => {
    const vault = await vaultOf();
    const account = await vault.importPrivateKey('11'.repeat(32), { password });
    expect(account).toMatchObject({ kind: 'key', addresses: [{ path: undefined }] });
    const unlocked = await vault.unlock(account.id, password);
    expect(() => unlocked.words()).toThrow(code('no-words'));
    await expect(unlocked.addAddress()).rejects.toEqual(code('no-words'));
  });

  it('are renamed, marked and removed', async () => {
    const vault = await vaultOf();
    const { account } = await vault.create({ password });
    await vault.rename(account.id, 'Daily');
    await vault.markBackedUp(account.id);
    expect(vault.accounts()).toMatchObject([{ label: 'Daily', backedUp: true }]);
    await vault.remove(account.id);
    expect(vault.accounts()).toEqual([]);
    for (const change of [() => vault.rename(account.id, 'x'), () => vault.remove(account.id), () => vault.markBackedUp(account.id)]) await expect(change()).rejects.toEqual(code('no-account'));
  });

  it('get another password', async () => {
    const vault = await vaultOf();
    const { account, words } = await vault.create({ password });
    await expect(vault.changePassword(account.id, 'wrong one', 'new password')).rejects.toEqual(code('wrong-password'));
    await expect(vault.changePassword(account.id, password, 'short')).rejects.toEqual(code('weak-password'));
    await vault.changePassword(account.id, password, 'new password');
    await expect(vault.unlock(account.id, password)).rejects.toEqual(code('wrong-password'));
    expect((await vault.unlock(account.id, 'new password')).words()).toEqual(words);
  });

  it('are opened by a passkey, until it is removed', async () => {
    const passkeys = new FakePasskeys();
    const vault = await vaultOf({ passkeys });
    const { account, words } = await vault.create({ password });
    await expect(vault.unlockWithPasskey(account.id)).rejects.toEqual(code('no-passkey'));
    await expect(vault.addPasskey(account.id, 'wrong one')).rejects.toEqual(code('wrong-password'));
    await vault.addPasskey(account.id, password);
    expect(vault.accounts()[0]!.passkey).toBe(true);
    expect((await vault.unlockWithPasskey(account.id)).words()).toEqual(words);
    await vault.changePassword(account.id, password, 'new password');
    expect((await vault.unlockWithPasskey(account.id)).words()).toEqual(words);
    passkeys.refuses = true;
    await expect(vault.unlockWithPasskey(account.id)).rejects.toEqual(code('passkey-failed'));
    await vault.removePasskey(account.id);
    await expect(vault.unlockWithPasskey(account.id)).rejects.toEqual(code('no-passkey'));
  });
});

describe('an opened account', () => {
  it('signs what the official rules accept, with the keys of its addresses only', async () => {
    const vault = await vaultOf();
    const account = await vault.importWords(first.words, { password });
    const unlocked = await vault.unlock(account.id, password);
    const second = Address.fromString((await unlocked.addAddress()).address);
    const basic = TransactionBuilder.newBasic(second, Address.NULL, 5n, 1n, 100, 7);
    const staking = TransactionBuilder.newCreateStaker(second, Address.NULL, 10_000_000n, 0n, 100, 7);
    const back = TransactionBuilder.newRemoveStake(second, 5n, 0n, 100, 7);
    for (const transaction of [basic, staking, back]) {
      unlocked.sign(transaction);
      Transaction.deserialize(transaction.serialize()).verify(1, 7);
    }
    const foreign = TransactionBuilder.newBasic(Address.NULL, second, 5n, 1n, 100, 7);
    expect(() => unlocked.sign(foreign)).toThrow(code('foreign-address'));
    expect(foreign.proof).toHaveLength(0);
    const { publicKey, signature } = unlocked.signMessage(account.addresses[0]!.address, 'Hello');
    const key = PublicKey.fromHex(publicKey);
    expect(key.toAddress().toUserFriendlyAddress()).toBe(account.addresses[0]!.address);
    expect(verifySignedMessage(key, 'Hello', Signature.fromHex(signature))).toBe(true);
    expect(() => unlocked.signMessage('NQ07 0000 0000 0000 0000 0000 0000 0000 0000', 'Hello')).toThrow(code('foreign-address'));
  });

  it('locks itself after 5 minutes without use, also if the computer slept, and then does nothing more', async () => {
    const clock = new ManualClock();
    const vault = await vaultOf({ clock });
    const { account } = await vault.create({ password });
    const unlocked = await vault.unlock(account.id, password);
    let told = 0;
    unlocked.onLock(() => (told += 1));
    clock.advance(IDLE_LIMIT - 1);
    unlocked.touch();
    clock.advance(IDLE_LIMIT - 1);
    expect(unlocked.locked).toBe(false);
    clock.advance(1);
    expect([unlocked.locked, told, clock.waiting]).toEqual([true, 1, 0]);
    for (const use of [() => unlocked.words(), () => unlocked.touch(), () => unlocked.signMessage(account.addresses[0]!.address, '')]) expect(use).toThrow(code('locked'));
    await expect(unlocked.addAddress()).rejects.toEqual(code('locked'));
    await expect(unlocked.exportKeyFile(password)).rejects.toEqual(code('locked'));

    const sleeping = await vault.unlock(account.id, password);
    clock.sleep(IDLE_LIMIT);
    expect(() => sleeping.words()).toThrow(code('locked'));
  });

  it('stores no address if it is locked meanwhile', async () => {
    const vault = await vaultOf();
    const { account } = await vault.create({ password });
    const unlocked = await vault.unlock(account.id, password);
    const adding = unlocked.addAddress();
    unlocked.lock();
    await expect(adding).rejects.toEqual(code('locked'));
    expect((await vaultOf()).accounts()[0]!.addresses).toHaveLength(1);
  });
});

describe('two pages', () => {
  it('lose nothing: additions at the same moment are all there, each address once', async () => {
    const [one, two] = await Promise.all([vaultOf(), vaultOf()]);
    const { account } = await one.create({ password });
    await two.unlock(account.id, password);
    const [here, there] = await Promise.all([one.unlock(account.id, password), two.unlock(account.id, password)]);
    await Promise.all([here.addAddress(), there.addAddress(), one.rename(account.id, 'A'), two.markBackedUp(account.id), here.addAddress(), two.create({ password })]);
    const now = (await vaultOf()).accounts();
    expect(now).toHaveLength(2);
    const changed = now.find((it) => it.id === account.id)!;
    expect(changed).toMatchObject({ label: 'A', backedUp: true });
    expect(changed.addresses.map((it) => it.path)).toEqual([0, 1, 2, 3].map((index) => `m/44'/242'/0'/${index}'`));
    expect(new Set(changed.addresses.map((it) => it.address)).size).toBe(4);
  });

  it('import the same words once', async () => {
    const [one, two] = await Promise.all([vaultOf(), vaultOf()]);
    const results = await Promise.allSettled([one.importWords(first.words, { password }), two.importWords(first.words, { password })]);
    expect(results.map((it) => it.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('that change the password at once: one of them is told, and one password opens', async () => {
    const [one, two] = await Promise.all([vaultOf(), vaultOf()]);
    const { account } = await one.create({ password });
    const results = await Promise.allSettled([one.changePassword(account.id, password, 'password one'), two.changePassword(account.id, password, 'password two')]);
    const winner = results.findIndex((it) => it.status === 'fulfilled');
    expect(results[1 - winner]).toMatchObject({ reason: { code: 'changed-elsewhere' } });
    await one.unlock(account.id, winner === 0 ? 'password one' : 'password two');
  });

  it('tell each other', async () => {
    const [one, two] = await Promise.all([vaultOf(), vaultOf()]);
    const seen = new Promise<void>((resolve) => two.subscribe(resolve));
    const { account } = await one.create({ password });
    await seen;
    expect(two.accounts()).toEqual([account]);
    const there = await two.unlock(account.id, password);
    const locked = new Promise<void>((resolve) => there.onLock(resolve));
    await one.remove(account.id);
    await locked;
  });
});

describe('trouble', () => {
  it('a damaged record is told and kept, and the others go on', async () => {
    const vault = await vaultOf();
    const [{ account }, { account: other }] = [await vault.create({ password }), await vault.create({ password })];
    const rows = new IndexedDbVaultRows();
    const row = (await rows.all()).get(account.id) as Uint8Array;
    const broken = row.with(60, row[60]! ^ 1);
    await rows.change(account.id, () => broken);
    const again = await vaultOf();
    expect(again.accounts()).toEqual([other]);
    expect(again.damaged()).toEqual([{ id: account.id, code: 'damaged-record' }]);
    for (const use of [() => again.unlock(account.id, password), () => again.rename(account.id, 'x'), () => again.changePassword(account.id, password, password)]) await expect(use()).rejects.toEqual(code('damaged-record'));
    await again.create({ password });
    expect((await rows.all()).get(account.id)).toEqual(broken);
    await again.remove(account.id);
    expect(again.damaged()).toEqual([]);
    await rows.close();
  });

  it('a record of a newer version is kept too', async () => {
    const rows = new IndexedDbVaultRows();
    await rows.change('ab', () => new Uint8Array(100).fill(2));
    expect((await vaultOf()).damaged()).toEqual([{ id: 'ab', code: 'newer-record' }]);
    await rows.close();
  });

  it('without a database the vault is in memory and says so', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB');
    const vault = await vaultOf();
    expect(vault.kind).toBe('memory');
    const { account, words } = await vault.create({ password });
    expect((await vault.unlock(account.id, password)).words()).toEqual(words);
    await expect(vault.importWords(words, { password })).rejects.toEqual(code('already-there'));
  });
});
