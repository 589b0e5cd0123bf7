/**
 * Mnemonics of BIP-39, and the older ones of Nimiq, which differ only in the checksum. Each word stands for 11 bits: the entropy, then one
 * bit of checksum for each 32 bits of it.
 * @module
 * @see https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
 */
import { pbkdf2Sha512 } from '../crypto/hmac-sha512.ts';
import { sha256 } from '../crypto/sha256.ts';
import { crc8 } from './crc8.ts';
import { KeysError } from './keys-error.ts';
import { fromUtf8 } from './utf8.ts';

const BITS_OF_WORD = 11;

/** BIP-39: 12 to 24 words, a multiple of 3, for 16 to 32 bytes, a multiple of 4. */
const MIN_WORDS = 12;
const MAX_WORDS = 24;
const MIN_ENTROPY = 16;
const MAX_ENTROPY = 32;

/** BIP-39: PBKDF2's iterations, and the seed's bytes. */
const SEED_ITERATIONS = 2048;
const SEED_LENGTH = 64;

/** The first byte of a checksum over the entropy. No mnemonic has more than its 8 bits. */
export type Checksum = (entropy: Uint8Array) => number;

export const bip39Checksum: Checksum = (entropy) => sha256(entropy)[0]!;
export const legacyChecksum: Checksum = crc8;

/** Whether both checksums of the entropy are equal in the bits that a mnemonic has of them. */
export function isColliding(entropy: Uint8Array): boolean {
  return checksumBits(entropy, bip39Checksum) === checksumBits(entropy, legacyChecksum);
}

/** The words for 16 to 32 bytes, with the checksum of BIP-39. @throws {KeysError} `out-of-range`. */
export function wordsOf(entropy: Uint8Array, wordlist: readonly string[]): string[] {
  requireEntropyLength(entropy.length);
  const bits = bitsOf(entropy, 8) + checksumBits(entropy, bip39Checksum);
  return numbersIn(bits, BITS_OF_WORD).map((index) => wordAt(wordlist, index));
}

/** The bytes that words stand for. @throws {KeysError} `unknown-format` (a foreign word, by its place), `out-of-range`, `wrong-checksum`. */
export function entropyOf(words: readonly string[], wordlist: readonly string[], checksum: Checksum): Uint8Array {
  if (words.length < MIN_WORDS) throw new KeysError('out-of-range', `Invalid mnemonic, less than ${MIN_WORDS} words`);
  if (words.length > MAX_WORDS) throw new KeysError('out-of-range', `Invalid mnemonic, more than ${MAX_WORDS} words`);
  if (words.length % 3 !== 0) throw new KeysError('out-of-range', 'Invalid mnemonic, words % 3 != 0');
  const indices = words.map((word, at) => {
    const index = wordlist.indexOf(word.toLowerCase());
    // The word itself is a secret, so the error names its place.
    if (index < 0) throw new KeysError('unknown-format', `Invalid mnemonic, word ${at + 1} is not in wordlist`);
    return index;
  });
  const bits = bitsOf(indices, BITS_OF_WORD);
  const entropyBits = (bits.length * 32) / 33;
  const entropy = Uint8Array.from(numbersIn(bits.slice(0, entropyBits), 8));
  if (checksumBits(entropy, checksum) !== bits.slice(entropyBits)) throw new KeysError('wrong-checksum', 'Invalid checksum');
  return entropy;
}

/** The words of a mnemonic that is one text. */
export function splitWords(mnemonic: string | readonly string[]): readonly string[] {
  return typeof mnemonic === 'string' ? mnemonic.trim().split(/\s+/u) : mnemonic;
}

/**
 * The 64-byte seed of BIP-39. Words are not checked. Neither words nor password are normalised (NFKD), as in the official client: the seed
 * of a password beyond ASCII differs from other wallets'.
 */
export function seedOf(mnemonic: string, password: string): Uint8Array {
  return pbkdf2Sha512(fromUtf8(mnemonic), fromUtf8(`mnemonic${password}`), SEED_ITERATIONS, SEED_LENGTH);
}

function requireEntropyLength(length: number): void {
  if (length < MIN_ENTROPY) throw new KeysError('out-of-range', `Invalid key, length < ${MIN_ENTROPY}`);
  if (length > MAX_ENTROPY) throw new KeysError('out-of-range', `Invalid key, length > ${MAX_ENTROPY}`);
  if (length % 4 !== 0) throw new KeysError('out-of-range', 'Invalid key, length % 4 != 0');
}

function checksumBits(entropy: Uint8Array, checksum: Checksum): string {
  return bitsOf([checksum(entropy)], 8).slice(0, entropy.length / 4);
}

function wordAt(wordlist: readonly string[], index: number): string {
  const word = wordlist[index];
  if (word === undefined) throw new KeysError('out-of-range', `word list: expected 2048 words, got ${wordlist.length}`);
  return word;
}

/** The lowest `size` bits of each number, as digits, the highest first. */
function bitsOf(numbers: Iterable<number>, size: number): string {
  return Array.from(numbers, (number) => number.toString(2).padStart(size, '0')).join('');
}

/** The numbers in groups of `size` digits. */
function numbersIn(bits: string, size: number): number[] {
  return Array.from({ length: bits.length / size }, (_, at) => Number.parseInt(bits.slice(at * size, (at + 1) * size), 2));
}
