import { describe, expect, it } from 'vitest';
import secrets from '../../test/vectors/wallet/secrets.json' with { type: 'json' };
import { fromHex } from '../base/bytes.ts';
import { openKeyFile, secretBytes } from './key-file.ts';

const bytes = fromHex(secrets.encrypted);
const base64 = Buffer.from(bytes).toString('base64');
const code = (code: string) => expect.objectContaining({ name: 'VaultError', code });

describe('a key file', () => {
  it('is read in each of its forms', () => {
    const label = Uint8Array.from([...bytes, 3, 65, 66, 67]);
    for (const file of [bytes, label, secrets.encrypted, ` ${secrets.encrypted.toUpperCase()}\n`, base64, `#3${base64}`, `#2${base64}\n`, new TextEncoder().encode(`#3${base64}\n`)]) {
      expect(secretBytes(file)).toEqual(bytes);
    }
  });

  it('of another form or length is refused before any work', async () => {
    for (const file of ['', 'words', '#3', base64.slice(4), secrets.encrypted.slice(2), 'A'.repeat(5000), bytes.slice(1), Uint8Array.from([...bytes, 3, 65]), new Uint8Array(0)]) {
      await expect(openKeyFile(file, secrets.password)).rejects.toEqual(code('bad-key-file'));
    }
    await expect(openKeyFile(bytes.with(0, 2), secrets.password)).rejects.toEqual(code('bad-key-file'));
    await expect(openKeyFile(bytes.with(1, 30), secrets.password)).rejects.toEqual(code('bad-key-file'));
  });

  it('does not open with a changed byte', async () => {
    await expect(openKeyFile(bytes.with(30, bytes[30]! ^ 1), secrets.password)).rejects.toEqual(code('wrong-password'));
  });
});
