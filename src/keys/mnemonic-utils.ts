import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { BufferUtils } from './buffer-utils.ts';
import { ExtendedPrivateKey } from './extended-private-key.ts';
import { KeysError } from './keys-error.ts';
import { bip39Checksum, entropyOf, isColliding, legacyChecksum, seedOf, splitWords, wordsOf, type Checksum } from './mnemonic.ts';
import { Entropy } from './secret.ts';
import { SerialBuffer } from './serial-buffer.ts';

/** By the checksum: of BIP-39, of Nimiq's first mnemonics, or of both at once. */
const MNEMONIC_TYPE = { UNKNOWN: -1, LEGACY: 0, BIP39: 1 } as const;

/** Mnemonics, entropies and seeds, as in the official client. Word lists are English if left out. Error texts never hold a word. */
export class MnemonicUtils {
  static readonly MnemonicType = MNEMONIC_TYPE;
  static readonly ENGLISH_WORDLIST: string[] = english;
  static readonly DEFAULT_WORDLIST: string[] = english;

  /** The words with the checksum of BIP-39. A text is hex. 16 to 32 bytes, a multiple of 4. @throws {KeysError} `out-of-range`, `unknown-format`. */
  static entropyToMnemonic(entropy: string | ArrayBuffer | Uint8Array | Entropy, wordlist: string[] = english): string[] {
    return wordsOf(bytesOf(entropy), wordlist);
  }

  /** 24 words with the checksum of BIP-39. @throws {KeysError} `wrong-checksum`, `unknown-format`, `out-of-range`, `wrong-length`. */
  static mnemonicToEntropy(mnemonic: string[] | string, wordlist: string[] = english): Entropy {
    return new Entropy(entropyOf(splitWords(mnemonic), wordlist, bip39Checksum));
  }

  /** 64 bytes. Neither the words nor the blanks of a text are checked, and a password beyond ASCII is not normalised. */
  static mnemonicToSeed(mnemonic: string[] | string, password = ''): SerialBuffer {
    return new SerialBuffer(seedOf(typeof mnemonic === 'string' ? mnemonic : mnemonic.join(' '), password));
  }

  /** The key at `m`, as `mnemonicToSeed`. */
  static mnemonicToExtendedPrivateKey(mnemonic: string[] | string, password = ''): ExtendedPrivateKey {
    return ExtendedPrivateKey.generateMasterKey(MnemonicUtils.mnemonicToSeed(mnemonic, password));
  }

  /** Whether the words of this entropy are valid as both kinds of mnemonics: 1 of 256 are, of 24 words. */
  static isCollidingChecksum(entropy: Entropy): boolean {
    return isColliding(bytesOf(entropy));
  }

  /** `UNKNOWN` if both checksums fit. @throws {KeysError} `wrong-checksum` if none does; `unknown-format`, `out-of-range`. */
  static getMnemonicType(mnemonic: string[] | string, wordlist: string[] = english): MnemonicUtils.MnemonicType {
    const words = splitWords(mnemonic);
    const isBip39 = fits(words, wordlist, bip39Checksum);
    const isLegacy = fits(words, wordlist, legacyChecksum);
    if (!isBip39 && !isLegacy) throw new KeysError('wrong-checksum', 'Invalid checksum');
    if (isBip39 && isLegacy) return MNEMONIC_TYPE.UNKNOWN;
    return isBip39 ? MNEMONIC_TYPE.BIP39 : MNEMONIC_TYPE.LEGACY;
  }
}

/** The type's name in the official client. */
export declare namespace MnemonicUtils {
  type MnemonicType = (typeof MNEMONIC_TYPE)[keyof typeof MNEMONIC_TYPE];
}

function fits(words: readonly string[], wordlist: readonly string[], checksum: Checksum): boolean {
  try {
    entropyOf(words, wordlist, checksum);
    return true;
  } catch (error) {
    if (error instanceof KeysError && error.code === 'wrong-checksum') return false;
    throw error;
  }
}

function bytesOf(entropy: string | ArrayBuffer | Uint8Array | Entropy): Uint8Array {
  if (typeof entropy === 'string') return BufferUtils.fromHex(entropy);
  if (entropy instanceof Entropy) return entropy.serialize();
  return entropy instanceof ArrayBuffer ? new Uint8Array(entropy) : entropy;
}
