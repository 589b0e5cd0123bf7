import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/secrets.json' with { type: 'json' };
import { argon2dKey, argon2dKeyInTurns, argon2idKey } from './argon2.ts';

const { password, salt, iterations, length, hash } = vectors.argon2d;
const options = { salt: hexToBytes(salt), memory: 512, iterations, length };

describe('Argon2', () => {
  it('makes the key of the official client, at once and in turns', async () => {
    expect(bytesToHex(argon2dKey(hexToBytes(password), options))).toBe(hash);
    expect(bytesToHex(await argon2dKeyInTurns(hexToBytes(password), options))).toBe(hash);
  });

  it('refuses parameters that the standard does not allow, with a code', async () => {
    for (const key of [argon2dKey, argon2idKey]) {
      expect(() => key(new Uint8Array(), { ...options, salt: new Uint8Array(7) })).toThrow(expect.objectContaining({ name: 'CryptoInputError', code: 'wrong-length' }));
      for (const wrong of [{ iterations: 0 }, { iterations: 1.5 }, { iterations: 2 ** 32 }, { length: 3 }]) {
        expect(() => key(new Uint8Array(), { ...options, ...wrong })).toThrow(expect.objectContaining({ name: 'CryptoInputError', code: 'out-of-range' }));
      }
    }
    await expect(argon2dKeyInTurns(new Uint8Array(), { ...options, length: 3 })).rejects.toMatchObject({ code: 'out-of-range' });
  });
});
