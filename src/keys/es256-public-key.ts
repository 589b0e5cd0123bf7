// Tests: `test/keys/official-passkeys.test.ts`.
import { compareBytes, equalBytes, toHex } from '../base/bytes.ts';
import { addressOfKey } from '../chains/albatross/transactions/sender-address.ts';
import { compressEs256Key, ES256_KEY_LENGTH, verifyEs256 } from '../crypto/es256.ts';
import { Address } from './address.ts';
import { P256_SPKI, spkiKey } from './der.ts';
import type { ES256Signature } from './es256-signature.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes of the point that WebCrypto calls raw. */
const RAW_LENGTH = 65;
const SPKI_LENGTH = P256_SPKI.length / 2 + RAW_LENGTH;

/** A P-256 public key, as passkeys have it: 33 bytes, compressed. */
export class ES256PublicKey extends Freeable {
  readonly #bytes: Uint8Array;

  /**
   * Of 33 bytes (compressed), 65 (uncompressed), or of a SubjectPublicKeyInfo, as WebAuthn gives it. Whether a compressed key is a
   * point is only seen when a signature is verified.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `unknown-format`, `not-a-point`.
   */
  constructor(bytes: Uint8Array) {
    super();
    if (bytes.length === SPKI_LENGTH) this.#bytes = compressed(spkiKey(bytes, P256_SPKI, RAW_LENGTH));
    else if (bytes.length === RAW_LENGTH) this.#bytes = compressed(requireBytes(bytes, RAW_LENGTH, 'public key'));
    else this.#bytes = requireBytes(bytes, ES256_KEY_LENGTH, 'public key');
    if (this.#bytes[0] !== 2 && this.#bytes[0] !== 3) throw new KeysError('unknown-format', 'public key: expected a compressed point, 2 or 3 first');
  }

  /**
   * Of 33 bytes. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `unknown-format`.
   */
  static deserialize(bytes: Uint8Array): ES256PublicKey {
    return new ES256PublicKey(requireBytes(bytes, ES256_KEY_LENGTH, 'public key'));
  }

  /**
   * From 66 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`, `unknown-format`.
   */
  static fromHex(hex: string): ES256PublicKey {
    return new ES256PublicKey(requireHexOf(hex, ES256_KEY_LENGTH, 'public key'));
  }

  /**
   * Of the 65 bytes that WebCrypto calls raw: the uncompressed point.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `not-a-point`.
   */
  static fromRaw(bytes: Uint8Array): ES256PublicKey {
    return new ES256PublicKey(compressed(requireBytes(bytes, RAW_LENGTH, 'public key')));
  }

  /**
   * Of a SubjectPublicKeyInfo, 91 bytes.
   * @throws {KeysError} `unknown-format`, `wrong-type`, `not-a-point`.
   */
  static fromSpki(bytes: Uint8Array): ES256PublicKey {
    return new ES256PublicKey(compressed(spkiKey(bytes, P256_SPKI, RAW_LENGTH)));
  }

  __getClassname(): string {
    return 'ES256PublicKey';
  }

  /** -1, 0 or 1, by the bytes. */
  compare(other: ES256PublicKey): number {
    return Math.sign(compareBytes(this.#bytes, other.serialize()));
  }

  equals(other: ES256PublicKey): boolean {
    return equalBytes(this.#bytes, other.serialize());
  }

  /** 33 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  toAddress(): Address {
    return new Address(addressOfKey(this.#bytes));
  }

  /** 66 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }

  /** Whether the signature of `data` is valid under this key. */
  verify(signature: ES256Signature, data: Uint8Array): boolean {
    return verifyEs256(this.#bytes, data, signature.serialize());
  }
}

function compressed(point: Uint8Array): Uint8Array {
  const key = compressEs256Key(point);
  if (key === undefined) throw new KeysError('not-a-point', 'public key: the point is not on the curve');
  return key;
}
