import * as official from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/secrets.json' with { type: 'json' };
import { fromHex } from '../base/bytes.ts';
import { BufferUtils } from './buffer-utils.ts';
import { CryptoUtils } from './crypto-utils.ts';
import { PrivateKey } from './private-key.ts';
import { Entropy, Secret } from './secret.ts';
import { SerialBuffer } from './serial-buffer.ts';
import { fromUtf8 } from './utf8.ts';

const password = fromUtf8(vectors.password);
const code = (code: string) => expect.objectContaining({ name: 'KeysError', code });

/** An encrypted secret of 1 round, with a purpose. */
async function encryptedAs(purpose: number): Promise<SerialBuffer> {
  const { Hash } = official;
  const payload = new SerialBuffer(36);
  payload.writeUint32(purpose);
  const salt = new Uint8Array(16);
  const cipher = await CryptoUtils.otpKdf(Uint8Array.from([...Hash.computeBlake2b(payload).subarray(0, 2), ...payload]), password, salt, 1);
  return new SerialBuffer([3, 0, ...salt, ...cipher]);
}

describe('encrypted secrets (A3)', () => {
  it('of the official client are opened, and other tasks get their turns', async () => {
    const buffer = BufferUtils.fromHex(vectors.encrypted);
    const turns: number[] = [];
    const timer = setInterval(() => turns.push(1), 0);
    const secret = await Secret.fromEncrypted(buffer, password);
    clearInterval(timer);
    expect(turns.length).toBeGreaterThan(1);
    expect(secret).toBeInstanceOf(Entropy);
    expect(secret.toHex()).toBe(vectors.back);
    expect(buffer.readPos).toBe(56);
  });

  it('are opened by the official client, with a new salt each', async () => {
    const entropy = Entropy.generate();
    const privateKey = PrivateKey.generate();
    const [ofEntropy, ofKey] = await Promise.all([entropy.exportEncrypted(password), Secret.exportEncrypted(privateKey, password)]);
    expect(ofEntropy).toHaveLength(entropy.encryptedSize);
    expect([...ofEntropy.subarray(0, 2)]).toEqual([3, 8]);
    expect(ofEntropy.subarray(2, 18)).not.toEqual(ofKey.subarray(2, 18));
    for (const [ours, secret] of [[ofEntropy, entropy], [ofKey, privateKey]] as const) {
      // Synchronous, and fifteen times as fast: the key stream of the official client.
      const stream = official.Hash.computeNimiqArgon2d(password, ours.slice(2, 18), 256, 38);
      const plain = BufferUtils.xor(ours.subarray(18), stream);
      expect(plain.subarray(0, 2)).toEqual(official.Hash.computeBlake2b(plain.subarray(2)).subarray(0, 2));
      expect(BufferUtils.toHex(plain.subarray(2))).toBe((secret === entropy ? '42000002' : '42000001') + secret.toHex());
    }
  });

  it('are refused with a code', async () => {
    const open = (bytes: Iterable<number>, key = password) => Secret.fromEncrypted(new SerialBuffer([...bytes]), key);
    const good = [...(await encryptedAs(0x42000001))];
    expect(await open(good)).toBeInstanceOf(PrivateKey);
    expect(await open(await encryptedAs(0x42000002))).toBeInstanceOf(Entropy);
    await expect(open(good, fromUtf8('other'))).rejects.toMatchObject({ code: 'wrong-password', message: 'Invalid key' });
    await expect(open(good.with(40, good[40]! ^ 1))).rejects.toEqual(code('wrong-password'));
    await expect(open(await encryptedAs(0x42000003))).rejects.toEqual(code('unsupported'));
    for (const version of [0, 1, 2, 4]) await expect(open(good.with(0, version))).rejects.toEqual(code('unsupported'));
    for (const rounds of [13, 32, 255]) await expect(open(good.with(1, rounds))).rejects.toEqual(code('out-of-range'));
    for (const length of [0, 1, 17, 55]) await expect(open(good.slice(0, length))).rejects.toEqual(code('out-of-range'));
    await expect(Secret.exportEncrypted({} as Secret, password)).rejects.toEqual(code('wrong-type'));
  });
});

describe('an entropy', () => {
  it('keeps and gives copies of its bytes', () => {
    const bytes = fromHex(vectors.entropy);
    const entropy = new Entropy(bytes);
    bytes.fill(0);
    entropy.serialize().fill(0);
    expect(entropy.toHex()).toBe(vectors.entropy);
    expect(entropy.toBase64()).toBe(official.Entropy.fromHex(vectors.entropy).toBase64());
    expect(String(entropy)).toBe(vectors.entropy);
    expect(entropy.serializedSize).toBe(32);
  });

  it('is compared, overwritten and read', () => {
    const entropy = Entropy.fromHex(vectors.entropy);
    const other = Entropy.generate();
    expect(entropy.equals(other)).toBe(false);
    expect(entropy.compare(new Entropy(new Uint8Array(32)))).toBe(1);
    other.overwrite(entropy);
    expect(entropy.equals(other)).toBe(true);
    expect(entropy.equals(new PrivateKey(entropy.serialize()))).toBe(false);
    expect(Entropy.deserialize(BufferUtils.fromHex(`${vectors.entropy}00`)).equals(entropy)).toBe(true);
    expect(() => Entropy.fromHex(vectors.entropy.slice(2))).toThrow(code('unknown-format'));
    expect(() => new Entropy(new Uint8Array(31))).toThrow(code('wrong-length'));
    expect(() => new Entropy([] as never)).toThrow(code('wrong-type'));
  });
});
