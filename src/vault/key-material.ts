import { Entropy } from '../keys/secret.ts';
import { ExtendedPrivateKey } from '../keys/extended-private-key.ts';
import { KeyPair } from '../keys/key-pair.ts';
import { MnemonicUtils } from '../keys/mnemonic-utils.ts';
import { entropyOf, legacyChecksum, splitWords } from '../keys/mnemonic.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { SerialBuffer } from '../keys/serial-buffer.ts';
import { VaultError } from './vault-error.ts';

/** The path of an address: that of Nimiq's wallets. */
export function pathOf(index: number): string {
  return `m/44'/242'/0'/${index}'`;
}

/**
 * The secret of an opened account. The bytes that it keeps can be overwritten. Objects made for a signature hold copies that JavaScript
 * cannot overwrite; they live until the engine collects them.
 */
export class KeyMaterial {
  readonly kind: 'words' | 'key';
  /** 32 bytes: an entropy or a private key. */
  readonly #secret: Uint8Array;
  /** Key and chain code at `m`, 64 bytes, once they were needed: from the words they take some 10 ms. */
  #master: Uint8Array | undefined;
  #wiped = false;

  /** `secret`: 32 bytes, which are copied. */
  constructor(kind: 'words' | 'key', secret: Uint8Array) {
    this.kind = kind;
    this.#secret = new Uint8Array(secret);
  }

  static generate(): KeyMaterial {
    return new KeyMaterial('words', Entropy.generate().serialize());
  }

  /** @throws {KeysError} as `MnemonicUtils`. */
  static fromWords(text: string | readonly string[], as: 'bip39' | 'legacy'): KeyMaterial {
    const words = [...splitWords(text)];
    const type = MnemonicUtils.getMnemonicType(words);
    const isLegacy = type === MnemonicUtils.MnemonicType.LEGACY || (type === MnemonicUtils.MnemonicType.UNKNOWN && as === 'legacy');
    if (!isLegacy) return KeyMaterial.of(MnemonicUtils.mnemonicToEntropy(words));
    return KeyMaterial.of(new PrivateKey(entropyOf(words, MnemonicUtils.DEFAULT_WORDLIST, legacyChecksum)));
  }

  static of(secret: Entropy | PrivateKey): KeyMaterial {
    return new KeyMaterial(secret instanceof Entropy ? 'words' : 'key', secret.serialize());
  }

  /** A copy. */
  bytes(): Uint8Array {
    this.#requireWhole();
    return new Uint8Array(this.#secret);
  }

  /** For the official classes. */
  secret(): Entropy | PrivateKey {
    this.#requireWhole();
    return this.kind === 'words' ? new Entropy(this.#secret) : new PrivateKey(this.#secret);
  }

  /** @throws {VaultError} `no-words`, `locked`. */
  words(): readonly string[] {
    this.#requireWhole();
    if (this.kind === 'key') throw new VaultError('no-words', 'a single private key has no words');
    return new Entropy(this.#secret).toMnemonic();
  }

  /** The keys of an address. `index` counts only for words. */
  keyPair(index: number | undefined): KeyPair {
    this.#requireWhole();
    if (this.kind === 'key') return KeyPair.derive(new PrivateKey(this.#secret));
    this.#master ??= new Uint8Array(new Entropy(this.#secret).toExtendedPrivateKey().serialize());
    return KeyPair.derive(ExtendedPrivateKey.deserialize(new SerialBuffer(this.#master)).derivePath(pathOf(index ?? 0)).privateKey);
  }

  wipe(): void {
    this.#wiped = true;
    this.#secret.fill(0);
    this.#master?.fill(0);
    this.#master = undefined;
  }

  /** After `wipe` the secret is all zeros, and nothing may be signed with that key. */
  #requireWhole(): void {
    if (this.#wiped) throw new VaultError('locked', 'the secret was wiped');
  }
}
