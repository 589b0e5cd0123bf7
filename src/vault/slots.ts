/**
 * The key of an account, encrypted with a password or with the secret of a passkey. Neither opens the account's secret itself, so that
 * either can be replaced without the other.
 * @module
 */
import { systemRandom } from '../base/system.ts';
import type { Passkeys } from './passkey.ts';
import { isBearable, passwordKey, type PasswordCost } from './password-key.ts';
import { PASSKEY_SALT_LENGTH, PASSWORD_SALT_LENGTH, type PasskeySlot, type PasswordSlot } from './record.ts';
import { seal, unseal } from './secret-box.ts';
import { VaultError } from './vault-error.ts';

/** What the encryption of a key is bound to. */
const forPassword = (id: string): string => `petrel-wallet 1 password ${id}`;
const forPasskey = (id: string): string => `petrel-wallet 1 passkey ${id}`;

export async function passwordSlot(id: string, key: Uint8Array, password: string, cost: PasswordCost): Promise<PasswordSlot> {
  const salt = systemRandom.bytes(PASSWORD_SALT_LENGTH);
  const wrapping = await passwordKey(password, salt, cost);
  try {
    return { memory: cost.memory, iterations: cost.iterations, salt, key: await seal(wrapping, key, forPassword(id)) };
  } finally {
    wrapping.fill(0);
  }
}

/** The key of the account. @throws {VaultError} `wrong-password`, `damaged-record`. */
export async function openPasswordSlot(id: string, slot: PasswordSlot, password: string): Promise<Uint8Array> {
  if (!isBearable(slot)) throw new VaultError('damaged-record', `record of account ${id}: cost of the password`, { id });
  const wrapping = await passwordKey(password, slot.salt, slot);
  try {
    const key = await unseal(wrapping, slot.key, forPassword(id));
    if (!key) throw new VaultError('wrong-password', 'the password does not open the account');
    return key;
  } finally {
    wrapping.fill(0);
  }
}

/** Makes a passkey. @throws {VaultError} `passkey-failed`, `no-passkey`. */
export async function passkeySlot(id: string, key: Uint8Array, passkeys: Passkeys, name: string): Promise<PasskeySlot> {
  const salt = systemRandom.bytes(PASSKEY_SALT_LENGTH);
  const { credential, secret } = await passkeys.create(name, salt);
  try {
    return { credential, salt, key: await seal(secret, key, forPasskey(id)) };
  } finally {
    secret.fill(0);
  }
}

/** The key of the account. @throws {VaultError} `passkey-failed`, `no-passkey`. */
export async function openPasskeySlot(id: string, slot: PasskeySlot, passkeys: Passkeys): Promise<Uint8Array> {
  const secret = await passkeys.secret(slot.credential, slot.salt);
  try {
    const key = await unseal(secret, slot.key, forPasskey(id));
    if (!key) throw new VaultError('no-passkey', 'this passkey does not open the account');
    return key;
  } finally {
    secret.fill(0);
  }
}
