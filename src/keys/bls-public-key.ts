import { toHex } from '../base/bytes.ts';
import { blsPublicKey, isBlsPublicKey } from '../crypto/bls-signing.ts';
import type { BLSSecretKey } from './bls-secret-key.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes. */
const LENGTH = 285;

/** A voting key: the compressed point of G2 on MNT6-753 with which a validator's votes are verified. */
export class BLSPublicKey extends Freeable {
  readonly #bytes: Uint8Array;

  /**
   * Of 285 bytes. Checks that they are a point of the group. Unlike the official class, it takes no longer arrays and refuses infinity.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `not-a-point`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, LENGTH, 'BLS public key');
    if (!isBlsPublicKey(this.#bytes)) throw new KeysError('not-a-point', 'BLS public key: no point of the group');
  }

  /** The public key of a secret key. */
  static derive(secretKey: BLSSecretKey): BLSPublicKey {
    return new BLSPublicKey(blsPublicKey(secretKey.serialize()));
  }

  /**
   * As the constructor.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `not-a-point`.
   */
  static deserialize(bytes: Uint8Array): BLSPublicKey {
    return new BLSPublicKey(bytes);
  }

  /**
   * From 570 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`, `not-a-point`.
   */
  static fromHex(hex: string): BLSPublicKey {
    return new BLSPublicKey(requireHexOf(hex, LENGTH, 'BLS public key'));
  }

  /** 285 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  /** 570 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }
}
