import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import mnemonics from '../../test/vectors/wallet/mnemonics.json' with { type: 'json' };
import { KeyMaterial, pathOf } from './key-material.ts';

interface Vector {
  readonly words: string;
  readonly type: number;
  readonly password?: string;
  readonly paths: readonly { readonly path: string; readonly address: string; readonly private: string }[];
}

describe('the secret of an account', () => {
  it('has the official keys at every path of the official words', () => {
    const vectors = (mnemonics.mnemonics as unknown as readonly Vector[]).filter(({ words, type, password }) => words.split(' ').length === 24 && type !== 0 && !password);
    expect(vectors.length).toBeGreaterThan(3);
    for (const { words, paths } of vectors) {
      const material = KeyMaterial.fromWords(words, 'bip39');
      expect(material.words().join(' ')).toBe(words.toLowerCase());
      for (const { path, address, private: key } of paths) {
        const index = /^m\/44'\/242'\/0'\/(\d+)'$/u.exec(path)?.[1];
        if (index === undefined) continue;
        expect(pathOf(Number(index))).toBe(path);
        const pair = material.keyPair(Number(index));
        expect([pair.privateKey.toHex(), pair.toAddress().toUserFriendlyAddress()]).toEqual([key, address]);
      }
    }
  });

  it('comes back from its words', () => {
    assert(
      property(uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const words = new KeyMaterial('words', bytes).words();
        expect(KeyMaterial.fromWords(words, 'bip39').bytes()).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('of words that are valid as both kinds is the one that was asked for', () => {
    // Found by trying: both checksums of this entropy are equal.
    const colliding = Array.from({ length: 5000 }, (_, n) => new KeyMaterial('words', new Uint8Array(32).fill(n & 255, 0, 16).fill(n >> 8, 16))).find((it) => {
      const kinds = [KeyMaterial.fromWords(it.words(), 'bip39').kind, KeyMaterial.fromWords(it.words(), 'legacy').kind];
      return kinds[0] !== kinds[1];
    })!;
    const legacy = KeyMaterial.fromWords(colliding.words(), 'legacy');
    expect(legacy.kind).toBe('key');
    expect(legacy.keyPair(undefined).privateKey.serialize()).toEqual(colliding.bytes());
  });

  it('is gone after wiping', () => {
    const material = KeyMaterial.generate();
    material.keyPair(0);
    material.wipe();
    for (const use of [() => material.bytes(), () => material.words(), () => material.keyPair(0), () => material.secret()]) expect(use).toThrow(expect.objectContaining({ code: 'locked' }));
  });
});
