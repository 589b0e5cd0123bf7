import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/mnemonics.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { crc8 } from './crc8.ts';
import { MnemonicUtils } from './mnemonic-utils.ts';
import { Entropy } from './secret.ts';
import { fromUtf8 } from './utf8.ts';

const { MnemonicType } = MnemonicUtils;
const english = MnemonicUtils.ENGLISH_WORDLIST;
const code = (code: string) => expect.objectContaining({ name: 'KeysError', code });

/** The words of 32 bytes with a checksum of one byte. */
function words(entropy: Uint8Array, checksum: number): string[] {
  const bits = [...entropy, checksum].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{11}/gu)!.map((group) => english[Number.parseInt(group, 2)]!);
}

/** The words of 32 bytes with the checksum of Nimiq's first mnemonics. */
const legacy = (entropy: Uint8Array) => words(entropy, crc8(entropy));

describe('mnemonics (A3)', () => {
  it.each(vectors.mnemonics)('are those of the official client: $words', (vector) => {
    expect(MnemonicUtils.entropyToMnemonic(vector.entropy).join(' ')).toBe(vector.words);
    expect(MnemonicUtils.mnemonicToEntropy(vector.words).toHex()).toBe(vector.entropy);
    expect(MnemonicUtils.getMnemonicType(vector.words)).toBe(vector.type);
    expect(toHex(MnemonicUtils.mnemonicToSeed(vector.words, vector.password))).toBe(vector.seed);
    expect(toHex(MnemonicUtils.mnemonicToSeed(vector.words.split(' '), vector.password))).toBe(vector.seed);
    expect(MnemonicUtils.mnemonicToExtendedPrivateKey(vector.words, vector.password).privateKey.toHex()).toBe(vector.master.private);
    expect(Entropy.fromHex(vector.entropy).toExtendedPrivateKey(vector.password).privateKey.toHex()).toBe(vector.master.private);
    expect(Entropy.fromHex(vector.entropy).toMnemonic().join(' ')).toBe(vector.words);
  });

  it('have the English words of BIP-39', () => {
    expect(english).toEqual(official.MnemonicUtils.ENGLISH_WORDLIST);
    // The digest of the list in the standard's repository.
    expect(toHex(sha256(fromUtf8(`${english.join('\n')}\n`)))).toBe('2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda');
  });

  it('have the words and the type of the official client, whatever the entropy and its length', () => {
    fc.assert(
      fc.property(fc.constantFrom(16, 20, 24, 28, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })), (entropy) => {
        const mnemonic = MnemonicUtils.entropyToMnemonic(entropy);
        expect(mnemonic).toEqual(official.MnemonicUtils.entropyToMnemonic(entropy));
        expect(MnemonicUtils.getMnemonicType(mnemonic)).toBe(official.MnemonicUtils.getMnemonicType(mnemonic));
        expect(MnemonicUtils.entropyToMnemonic(toHex(entropy))).toEqual(mnemonic);
        expect(MnemonicUtils.entropyToMnemonic(entropy.slice().buffer)).toEqual(mnemonic);
      }),
    );
  });

  it('tell the older ones apart by their checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (entropy) => {
        const theirs = new official.Entropy(entropy);
        expect(MnemonicUtils.isCollidingChecksum(new Entropy(entropy))).toBe(official.MnemonicUtils.isCollidingChecksum(theirs));
        expect(MnemonicUtils.getMnemonicType(legacy(entropy))).toBe(official.MnemonicUtils.getMnemonicType(legacy(entropy)));
      }),
    );
    const entropy = new Uint8Array(32);
    while (crc8(entropy) !== sha256(entropy)[0]) entropy[0]! += 1;
    expect(MnemonicUtils.isCollidingChecksum(new Entropy(entropy))).toBe(true);
    expect(MnemonicUtils.getMnemonicType(legacy(entropy))).toBe(MnemonicType.UNKNOWN);
    expect(MnemonicUtils.mnemonicToEntropy(legacy(entropy)).serialize()).toHaveLength(32);
    entropy[1] = 1;
    expect(MnemonicUtils.getMnemonicType(legacy(entropy))).toBe(MnemonicType.LEGACY);
    expect(() => MnemonicUtils.mnemonicToEntropy(legacy(entropy))).toThrow(code('wrong-checksum'));
    expect(MnemonicUtils.getMnemonicType(words(entropy, sha256(entropy)[0]!))).toBe(MnemonicType.BIP39);
    const neither = [0, 1, 2].find((checksum) => checksum !== crc8(entropy) && checksum !== sha256(entropy)[0])!;
    expect(() => MnemonicUtils.getMnemonicType(words(entropy, neither))).toThrow(code('wrong-checksum'));
  });

  it('are read in any case and with any blanks', () => {
    const { words, entropy } = vectors.mnemonics[0]!;
    expect(MnemonicUtils.mnemonicToEntropy(`  ${words.toUpperCase().replaceAll(' ', ' \n')} `).toHex()).toBe(entropy);
  });

  it('are refused with a code, and without a word of theirs', () => {
    const words = vectors.mnemonics[0]!.words.split(' ');
    expect(() => MnemonicUtils.mnemonicToEntropy(words.slice(1))).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.mnemonicToEntropy(words.slice(0, 9))).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.mnemonicToEntropy([...words, ...words.slice(0, 3)])).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.mnemonicToEntropy('')).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.getMnemonicType(words.slice(0, 9))).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.mnemonicToEntropy(words.with(4, 'albatross'))).toThrow(expect.objectContaining({ code: 'unknown-format', message: 'Invalid mnemonic, word 5 is not in wordlist' }));
    expect(() => MnemonicUtils.mnemonicToEntropy(words.with(23, 'author'))).toThrow(expect.objectContaining({ code: 'wrong-checksum', message: 'Invalid checksum' }));
    for (const length of [0, 12, 18, 36]) expect(() => MnemonicUtils.entropyToMnemonic(new Uint8Array(length))).toThrow(code('out-of-range'));
    expect(() => MnemonicUtils.entropyToMnemonic(new Uint8Array(32).fill(255), english.slice(0, 100))).toThrow(code('out-of-range'));
    // 12 words are 16 bytes, but an entropy has 32.
    expect(() => MnemonicUtils.mnemonicToEntropy(MnemonicUtils.entropyToMnemonic(new Uint8Array(16)))).toThrow(code('wrong-length'));
  });

  it('do not normalise a password, as the official client does not', () => {
    const { words } = vectors.mnemonics[4]!;
    const seed = (password: string) => toHex(MnemonicUtils.mnemonicToSeed(words, password));
    expect(seed('pässword')).not.toBe(seed('pässword'.normalize('NFKD')));
    expect(seed('')).toBe(toHex(official.MnemonicUtils.mnemonicToSeed(words)));
    expect(fromHex(seed('ﬁ'))).toEqual(new Uint8Array(official.MnemonicUtils.mnemonicToSeed(words, 'ﬁ')));
  });
});
