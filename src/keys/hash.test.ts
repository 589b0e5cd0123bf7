import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/secrets.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { CryptoUtils } from './crypto-utils.ts';
import { Hash } from './hash.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('hashes and keys', () => {
  it('are those of the official client', () => {
    fc.assert(
      fc.property(bytes, bytes, (data, key) => {
        for (const hash of ['computeBlake2b', 'computeSha256', 'computeSha512'] as const) expect(Hash[hash](data)).toEqual(official.Hash[hash](data));
        expect(CryptoUtils.computeHmacSha512(key, data)).toEqual(official.CryptoUtils.computeHmacSha512(key, data));
        expect(CryptoUtils.computePBKDF2sha512(key, data, 3, 70)).toEqual(official.CryptoUtils.computePBKDF2sha512(key, data, 3, 70));
      }),
      { numRuns: 50 },
    );
  });

  it('come from passwords as in the official client', () => {
    const { password, salt, iterations, length, hash } = vectors.argon2d;
    expect(toHex(Hash.computeNimiqArgon2d(fromHex(password), fromHex(salt), iterations, length))).toBe(hash);
    const other = [fromHex('00'), new Uint8Array(8).fill(3), 3, 70] as const;
    expect(Hash.computeNimiqArgon2d(...other)).toEqual(official.Hash.computeNimiqArgon2d(...other));
    const once = [new Uint8Array(0), new Uint8Array(16), 1, 4] as const;
    expect(Hash.computeNimiqArgon2id(...once)).toEqual(official.Hash.computeNimiqArgon2id(...once));
  });

  it('encrypt with the key stream of the official client, which a second time decrypts', async () => {
    const [message, key, salt] = [fromHex('0102030405'), fromHex('70657472656c'), new Uint8Array(16).fill(1)];
    const encrypted = await CryptoUtils.otpKdf(message, key, salt, 2);
    expect(encrypted).toEqual(xor(message, official.Hash.computeNimiqArgon2d(key, salt, 2, 5)));
    expect(await CryptoUtils.otpKdf(encrypted, key, salt, 2)).toEqual(message);
    await expect(CryptoUtils.otpKdf(new Uint8Array(3), key, salt, 2)).rejects.toMatchObject({ name: 'CryptoInputError', code: 'out-of-range' });
    await expect(CryptoUtils.otpKdf(message, key, salt.subarray(9), 2)).rejects.toMatchObject({ name: 'CryptoInputError', code: 'wrong-length' });
  });
});

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ b[at]!);
}

describe('randomness', () => {
  it('has the length asked for, also beyond one call of the browser', () => {
    expect(CryptoUtils.getRandomValues(0)).toHaveLength(0);
    const many = CryptoUtils.getRandomValues(70_000);
    expect(many).toHaveLength(70_000);
    expect(many.subarray(69_000).some((byte) => byte !== 0)).toBe(true);
    expect(CryptoUtils.getRandomValues(32)).not.toEqual(CryptoUtils.getRandomValues(32));
    for (const length of [-1, 0.5, Number.NaN]) expect(() => CryptoUtils.getRandomValues(length)).toThrow(expect.objectContaining({ name: 'KeysError', code: 'out-of-range' }));
  });
});
