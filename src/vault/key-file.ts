/**
 * The encrypted secrets of the Nimiq keyguard (`src/keys/secret.ts`). As text they are base64 or hex. Before it stands `#3` for an
 * entropy, and `#2` or nothing for a private key; the secret itself says which it is, so the mark is not needed. After the secret there may
 * be a label: its length (1 byte) and its UTF-8.
 * @module
 */
import { BufferUtils } from '../keys/buffer-utils.ts';
import { KeysError } from '../keys/keys-error.ts';
import { Secret } from '../keys/secret.ts';
import { SerialBuffer } from '../keys/serial-buffer.ts';
import { KeyMaterial } from './key-material.ts';
import { VaultError } from './vault-error.ts';

/** Bytes of an encrypted secret. */
const SIZE = 56;
const MAX_LABEL = 255;
/** Of hex, with room for blanks. */
const MAX_TEXT = 4 * (SIZE + 1 + MAX_LABEL);

/** @throws {VaultError} `bad-key-file`, `wrong-password`. */
export async function openKeyFile(file: string | Uint8Array, password: string): Promise<KeyMaterial> {
  const bytes = secretBytes(file);
  try {
    return KeyMaterial.of(await Secret.fromEncrypted(new SerialBuffer(bytes), new TextEncoder().encode(password)));
  } catch (error) {
    if (!(error instanceof KeysError)) throw error;
    if (error.code === 'wrong-password') throw new VaultError('wrong-password', 'the password does not open the key file');
    throw new VaultError('bad-key-file', `key file: ${error.message}`);
  }
}

/** The text of a key file. */
export async function writeKeyFile(material: KeyMaterial, password: string): Promise<string> {
  const encrypted = await Secret.exportEncrypted(material.secret(), new TextEncoder().encode(password));
  return `${material.kind === 'words' ? '#3' : ''}${BufferUtils.toBase64(encrypted)}`;
}

/** The 56 bytes in a file. @throws {VaultError} `bad-key-file`. */
export function secretBytes(file: string | Uint8Array): Uint8Array {
  const bytes = rawIn(file);
  const isWhole = bytes.length === SIZE || (bytes.length > SIZE && bytes.length === SIZE + 1 + bytes[SIZE]!);
  if (isWhole) return bytes.slice(0, SIZE);
  // A file that was read as bytes may be a text.
  if (typeof file !== 'string' && bytes.length <= MAX_TEXT && bytes.every((byte) => byte < 0x80)) return secretBytes(new TextDecoder().decode(bytes));
  throw new VaultError('bad-key-file', `key file: expected ${SIZE} bytes, got ${bytes.length}`);
}

function rawIn(file: string | Uint8Array): Uint8Array {
  if (typeof file !== 'string') return new Uint8Array(file);
  const text = file.length > MAX_TEXT ? '' : file.replaceAll(/\s/gu, '').replace(/^#[23]/u, '');
  try {
    return new Uint8Array(/^[0-9a-f]+$/iu.test(text) && text.length % 2 === 0 && text.length >= 2 * SIZE ? BufferUtils.fromHex(text) : BufferUtils.fromBase64(text));
  } catch (error) {
    if (error instanceof KeysError) throw new VaultError('bad-key-file', 'key file: neither hex nor base64');
    throw error;
  }
}
