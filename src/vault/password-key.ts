import { argon2idKeyInTurns } from '../crypto/argon2.ts';
import { KEY_LENGTH } from './secret-box.ts';
import { VaultError } from './vault-error.ts';

/** Argon2id with one lane. `memory`: kibibytes. */
export interface PasswordCost {
  readonly memory: number;
  readonly iterations: number;
}

/**
 * 32 MiB, twice. The least that OWASP advises is 19 MiB twice; more costs a phone several seconds in JavaScript.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
export const PASSWORD_COST: PasswordCost = { memory: 32 * 1024, iterations: 2 };

/** A record that claims more was not written by us, and would stop the page. */
const MAX_MEMORY = 256 * 1024;
const MAX_ITERATIONS = 16;

/** Characters of a new password. */
export const MIN_PASSWORD = 8;

/** @throws {VaultError} `weak-password`. */
export function requireNewPassword(password: string): void {
  if (Array.from(password).length < MIN_PASSWORD) throw new VaultError('weak-password', `a password has ${MIN_PASSWORD} characters or more`, { least: MIN_PASSWORD });
}

/** Whether a record may ask for this cost. */
export function isBearable({ memory, iterations }: PasswordCost): boolean {
  return memory >= 8 && memory <= MAX_MEMORY && iterations >= 1 && iterations <= MAX_ITERATIONS;
}

/** 32 bytes. Keyboards write some letters in several ways (NFC, NFD, full width), which are the same password. */
export async function passwordKey(password: string, salt: Uint8Array, { memory, iterations }: PasswordCost): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(password.normalize('NFKC'));
  try {
    return await argon2idKeyInTurns(bytes, { salt, memory, iterations, length: KEY_LENGTH });
  } finally {
    bytes.fill(0);
  }
}
