import * as official from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/mnemonics.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { ExtendedPrivateKey } from './extended-private-key.ts';
import { PrivateKey } from './private-key.ts';
import { SerialBuffer } from './serial-buffer.ts';

const seed = fromHex(vectors.mnemonics[0]!.seed);
const master = ExtendedPrivateKey.generateMasterKey(seed);
const code = (code: string) => expect.objectContaining({ name: 'KeysError', code });

describe('derived keys', () => {
  it.each(vectors.mnemonics)('are those of $words', ({ seed, master, paths }) => {
    const key = ExtendedPrivateKey.generateMasterKey(fromHex(seed));
    expect(key.privateKey.toHex()).toBe(master.private);
    expect(toHex(key.chainCode)).toBe(master.chainCode);
    for (const { path, private: secret, chainCode, address } of paths) {
      const derived = key.derivePath(path);
      expect(derived.toHex()).toBe(secret + chainCode);
      expect(derived.toAddress().toUserFriendlyAddress()).toBe(address);
      expect(ExtendedPrivateKey.derivePathFromSeed(path, fromHex(seed)).equals(derived)).toBe(true);
    }
  });

  it('know valid paths', () => {
    for (const [path, isValid] of vectors.validPaths as [string, boolean][]) expect(ExtendedPrivateKey.isValidPath(path)).toBe(isValid);
    for (const path of ['', 'm/-1\'', 'm/4294967295\'', 'm/4294967296\'', 'm/99999999999999999999\'', 'M', 'm/1\'/', 'm/1\'\n', 'm/١\'']) {
      expect(ExtendedPrivateKey.isValidPath(path)).toBe(official.ExtendedPrivateKey.isValidPath(path));
    }
    expect(() => master.derivePath('m/44')).toThrow(code('unknown-format'));
  });

  it('are hardened at every index', () => {
    expect(master.derive(5).equals(master.derive(0x80000005))).toBe(true);
    expect(master.derive(0xffffffff).toHex()).toBe(official.ExtendedPrivateKey.generateMasterKey(seed).derive(0xffffffff).toHex());
    for (const index of [-1, 0.5, 2 ** 32]) expect(() => master.derive(index)).toThrow(code('out-of-range'));
  });

  it('come back from their bytes, with their own chain code', () => {
    const child = master.derive(1);
    expect(ExtendedPrivateKey.deserialize(reset(child.serialize())).equals(child)).toBe(true);
    expect(ExtendedPrivateKey.fromHex(child.toHex()).derive(2).equals(child.derive(2))).toBe(true);
    expect(child.serializedSize).toBe(64);
    expect(child.equals(master)).toBe(false);
    expect(child.equals(child.privateKey)).toBe(false);
    expect(child.compare(child)).toBe(0);
    const buffer = new SerialBuffer(65);
    buffer.writeUint8(7);
    child.serialize(buffer);
    buffer.readUint8();
    expect(ExtendedPrivateKey.deserialize(buffer).equals(child)).toBe(true);
    expect(() => ExtendedPrivateKey.fromHex(child.toHex().slice(2))).toThrow(code('unknown-format'));
    expect(() => ExtendedPrivateKey.deserialize(new SerialBuffer(63))).toThrow(code('out-of-range'));
  });

  it('do not change with what they were made of', () => {
    const chainCode = new Uint8Array(32);
    const key = new ExtendedPrivateKey(new PrivateKey(new Uint8Array(32)), chainCode);
    chainCode[0] = 1;
    key.chainCode[1] = 1;
    expect(toHex(key.chainCode)).toBe('00'.repeat(32));
    expect(() => new ExtendedPrivateKey({} as PrivateKey, chainCode)).toThrow(code('wrong-type'));
    expect(() => new ExtendedPrivateKey(key.privateKey, [] as never)).toThrow(code('wrong-type'));
    expect(() => new ExtendedPrivateKey(key.privateKey, new Uint8Array(31))).toThrow(code('wrong-length'));
  });
});

function reset(buffer: SerialBuffer): SerialBuffer {
  buffer.reset();
  return buffer;
}
