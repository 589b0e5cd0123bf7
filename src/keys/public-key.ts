// Tests: `src/keys/multi-signature.test.ts`, `src/keys/key-pair.test.ts`.
import { compareBytes, equalBytes, toHex } from '../base/bytes.ts';
import { addressOfKey } from '../chains/albatross/transactions/sender-address.ts';
import { verifyKeySignature } from '../chains/albatross/transactions/signature-proof.ts';
import { ed25519PublicKey } from '../crypto/ed25519.ts';
import { combineKeys, sumDelinearized } from '../crypto/musig2.ts';
import { Address } from './address.ts';
import { ED25519_SPKI, spkiKey } from './der.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';
import type { PrivateKey } from './private-key.ts';
import type { Signature } from './signature.ts';

/** Bytes. */
const LENGTH = 32;
const SPKI_LENGTH = ED25519_SPKI.length / 2 + LENGTH;

/** An Ed25519 public key: any 32 bytes. Whether they are a point is only seen when a signature is verified. */
export class PublicKey extends Freeable {
  static readonly SIZE: number = LENGTH;
  readonly #bytes: Uint8Array;

  /**
   * Of 32 bytes, or of a SubjectPublicKeyInfo, as WebAuthn gives it.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `unknown-format`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes.length === SPKI_LENGTH ? spkiKey(bytes, ED25519_SPKI, LENGTH) : requireBytes(bytes, LENGTH, 'public key');
  }

  /** The public key of a private key. */
  static derive(privateKey: PrivateKey): PublicKey {
    return new PublicKey(ed25519PublicKey(privateKey.serialize()));
  }

  /**
   * Of 32 bytes. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static deserialize(bytes: Uint8Array): PublicKey {
    return new PublicKey(requireBytes(bytes, LENGTH, 'public key'));
  }

  /**
   * From a key, 32 bytes, or 64 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   */
  static fromAny(key: PublicKey | string | Uint8Array): PublicKey {
    if (typeof key === 'string') return PublicKey.fromHex(key);
    if (key instanceof Uint8Array) return PublicKey.deserialize(key);
    if (key instanceof PublicKey) return key;
    throw new KeysError('wrong-type', 'Could not parse public key');
  }

  /**
   * From 64 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   */
  static fromHex(hex: string): PublicKey {
    return new PublicKey(requireHexOf(hex, LENGTH, 'public key'));
  }

  /**
   * Of the 32 bytes that WebCrypto calls raw.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static fromRaw(bytes: Uint8Array): PublicKey {
    return PublicKey.deserialize(bytes);
  }

  /**
   * Of a SubjectPublicKeyInfo, 44 bytes.
   * @throws {KeysError} `unknown-format`, `wrong-type`.
   */
  static fromSpki(bytes: Uint8Array): PublicKey {
    return new PublicKey(spkiKey(bytes, ED25519_SPKI, LENGTH));
  }

  /**
   * The joint keys of every choice of `numSigners` among the keys, ascending: the leaves under the address of an account with several keys.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   * @throws {CryptoInputError} `not-a-point`; `out-of-range` if there are fewer keys than signers, no signer, or too many choices.
   */
  static combinations(keys: (PublicKey | string | Uint8Array)[], numSigners: number): PublicKey[] {
    return combineKeys(keys.map((key) => PublicKey.fromAny(key).#bytes), numSigners).map((key) => new PublicKey(key));
  }

  /**
   * The joint key of signers, in any order: each key is delinearised first.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   * @throws {CryptoInputError} `not-a-point`; `wrong-length` if there is no key.
   */
  static sum(keys: (PublicKey | string | Uint8Array)[]): PublicKey {
    return new PublicKey(sumDelinearized(keys.map((key) => PublicKey.fromAny(key).#bytes)));
  }

  get serializedSize(): number {
    return LENGTH;
  }

  __getClassname(): string {
    return 'PublicKey';
  }

  /** -1, 0 or 1, by the bytes. */
  compare(other: PublicKey): number {
    return Math.sign(compareBytes(this.#bytes, other.serialize()));
  }

  equals(other: PublicKey): boolean {
    return equalBytes(this.#bytes, other.serialize());
  }

  /** 32 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  toAddress(): Address {
    return new Address(addressOfKey(this.#bytes));
  }

  /** 64 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }

  /** Whether the signature of `data` is valid under this key, by the rules of ZIP-215; never under the key of zeros. */
  verify(signature: Signature, data: Uint8Array): boolean {
    return verifyKeySignature(this.#bytes, data, signature.serialize());
  }
}
