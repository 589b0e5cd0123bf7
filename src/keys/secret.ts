/**
 * `Secret` and `Entropy` of the official client. They stand in one file because each needs the other: an opened secret may be an entropy,
 * and an entropy is a secret.
 * @module
 */
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { blake2b } from '../crypto/blake2b.ts';
import { BufferUtils } from './buffer-utils.ts';
import { CryptoUtils } from './crypto-utils.ts';
import { ExtendedPrivateKey } from './extended-private-key.ts';
import { requireBytes } from './input.ts';
import { KeysError } from './keys-error.ts';
import { seedOf, wordsOf } from './mnemonic.ts';
import { PrivateKey } from './private-key.ts';
import { SerialBuffer } from './serial-buffer.ts';
import { Serializable } from './serializable.ts';

/** The only version that the official client still reads. */
const VERSION = 3;

/** Length in bytes of what says which kind of secret follows. */
const PURPOSE_SIZE = 4;

/**
 * Of the exponent of the number of rounds. Every known secret has 8, which takes a second or two; 12 takes half a minute. The official
 * client takes up to 32, with which a damaged secret would stop a page for years.
 */
const MAX_ROUNDS_LOG = 12;

/** 1: private key, 2: entropy. */
const SECRET_TYPE = { PRIVATE_KEY: 1, ENTROPY: 2 } as const;

/**
 * A secret that can be encrypted with a password. Encrypted (version 3, 56 bytes): `03` ‖ log2 of the rounds ‖ salt (16) ‖ 38 bytes of
 * plain text XOR key stream (`CryptoUtils.otpKdf`). Plain text: first 2 bytes of the Blake2b of the rest ‖ purpose (4, big endian) ‖ secret
 * (32). The key stream's memory is little by today's measure (Albatross proofs reference, 6).
 */
export abstract class Secret extends Serializable {
  static readonly Type = SECRET_TYPE;
  static readonly SIZE: number = 32;
  static readonly ENCRYPTION_SALT_SIZE: number = 16;
  static readonly ENCRYPTION_KDF_ROUNDS: number = 256;
  /** Of versions 1 and 2, which are read no more. */
  static readonly ENCRYPTION_CHECKSUM_SIZE: number = 4;
  static readonly ENCRYPTION_CHECKSUM_SIZE_V3: number = 2;

  /**
   * Decrypts what is at the buffer's reading position, in turns with other tasks. `key`: the password in UTF-8. A wrong password is not
   * noticed in 1 of 65536 cases, if the purpose fits too.
   * @throws {KeysError} `wrong-password`, `unsupported` (version, or kind of secret), `out-of-range` (rounds, or too few bytes).
   */
  static async fromEncrypted(buffer: SerialBuffer, key: Uint8Array): Promise<PrivateKey | Entropy> {
    const version = buffer.readUint8();
    const roundsLog = buffer.readUint8();
    if (roundsLog > MAX_ROUNDS_LOG) throw new KeysError('out-of-range', 'Rounds out-of-bounds');
    if (version !== VERSION) throw new KeysError('unsupported', 'Unsupported version');
    const salt = buffer.read(Secret.ENCRYPTION_SALT_SIZE);
    const ciphertext = buffer.read(Secret.ENCRYPTION_CHECKSUM_SIZE_V3 + PURPOSE_SIZE + Secret.SIZE);
    const plaintext = await CryptoUtils.otpKdf(ciphertext, key, salt, 2 ** roundsLog);
    const payload = plaintext.subarray(Secret.ENCRYPTION_CHECKSUM_SIZE_V3);
    try {
      if (!BufferUtils.equals(plaintext.subarray(0, Secret.ENCRYPTION_CHECKSUM_SIZE_V3), checksumOf(payload))) throw new KeysError('wrong-password', 'Invalid key');
      return secretIn(payload);
    } finally {
      plaintext.fill(0);
    }
  }

  /** Encrypts with a new salt, in turns with other tasks. `key`: the password in UTF-8. @throws {KeysError} `wrong-type`. */
  static async exportEncrypted(secret: Secret | PrivateKey, key: Uint8Array): Promise<SerialBuffer> {
    const payload = new SerialBuffer(PURPOSE_SIZE + Secret.SIZE);
    payload.writeUint32(purposeOf(secret));
    payload.write(secret.serialize());
    const plaintext = new SerialBuffer(Secret.ENCRYPTION_CHECKSUM_SIZE_V3 + payload.byteLength);
    plaintext.write(checksumOf(payload));
    plaintext.write(payload);
    const salt = CryptoUtils.getRandomValues(Secret.ENCRYPTION_SALT_SIZE);
    const ciphertext = await CryptoUtils.otpKdf(plaintext, key, salt, Secret.ENCRYPTION_KDF_ROUNDS);
    for (const secretBytes of [payload, plaintext]) secretBytes.fill(0);
    const encrypted = new SerialBuffer(2 + salt.byteLength + ciphertext.byteLength);
    encrypted.writeUint8(VERSION);
    encrypted.writeUint8(Math.log2(Secret.ENCRYPTION_KDF_ROUNDS));
    encrypted.write(salt);
    encrypted.write(ciphertext);
    encrypted.reset();
    return encrypted;
  }

  async exportEncrypted(key: Uint8Array): Promise<SerialBuffer> {
    return Secret.exportEncrypted(this, key);
  }

  /** Bytes. */
  get encryptedSize(): number {
    return 2 + Secret.ENCRYPTION_SALT_SIZE + Secret.ENCRYPTION_CHECKSUM_SIZE_V3 + PURPOSE_SIZE + Secret.SIZE;
  }
}

/** The type's name in the official client. */
export declare namespace Secret {
  type Type = (typeof SECRET_TYPE)[keyof typeof SECRET_TYPE];
}

/** 32 random bytes from which accounts are derived, as in the official client. They are what a mnemonic stands for. */
export class Entropy extends Secret {
  static override readonly SIZE: number = Secret.SIZE;
  static readonly PURPOSE_ID: number = 0x4200_0002;

  readonly #bytes: Uint8Array;

  /** `bytes`: 32, which are copied. @throws {KeysError} `wrong-type`, `wrong-length`. */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, Entropy.SIZE, 'entropy');
  }

  static generate(): Entropy {
    return new Entropy(CryptoUtils.getRandomValues(Entropy.SIZE));
  }

  /** The key at `m`. `wordlist`: English if left out. */
  toExtendedPrivateKey(password = '', wordlist: string[] = english): ExtendedPrivateKey {
    return ExtendedPrivateKey.generateMasterKey(seedOf(this.toMnemonic(wordlist).join(' '), password));
  }

  /** 24 words with the checksum of BIP-39. `wordlist`: English if left out. */
  toMnemonic(wordlist: string[] = english): string[] {
    return wordsOf(this.#bytes, wordlist);
  }

  /** From the buffer's reading position on. */
  static deserialize(buffer: SerialBuffer): Entropy {
    return new Entropy(buffer.read(Entropy.SIZE));
  }

  /** 64 digits. @throws {KeysError} `unknown-format`. */
  static fromHex(hex: string): Entropy {
    return new Entropy(BufferUtils.fromHex(hex, Entropy.SIZE));
  }

  serialize(buffer: SerialBuffer = new SerialBuffer(this.serializedSize)): SerialBuffer {
    buffer.write(this.#bytes);
    return buffer;
  }

  get serializedSize(): number {
    return Entropy.SIZE;
  }

  /** Puts another entropy's bytes in place of these. */
  overwrite(entropy: Entropy): void {
    this.#bytes.set(entropy.#bytes);
  }

  override equals(other: unknown): boolean {
    return other instanceof Entropy && super.equals(other);
  }
}

function purposeOf(secret: Secret | PrivateKey): number {
  if (secret instanceof PrivateKey) return PrivateKey.PURPOSE_ID;
  if (secret instanceof Entropy) return Entropy.PURPOSE_ID;
  throw new KeysError('wrong-type', 'Unsupported secret type');
}

/** The official client takes every other purpose for an entropy. */
function secretIn(payload: Uint8Array): PrivateKey | Entropy {
  const purpose = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  const secret = payload.subarray(PURPOSE_SIZE);
  if (purpose === PrivateKey.PURPOSE_ID) return new PrivateKey(secret);
  if (purpose === Entropy.PURPOSE_ID) return new Entropy(secret);
  throw new KeysError('unsupported', 'Unsupported secret type');
}

function checksumOf(payload: Uint8Array): Uint8Array {
  return blake2b(payload).subarray(0, Secret.ENCRYPTION_CHECKSUM_SIZE_V3);
}
