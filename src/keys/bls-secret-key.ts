import { toHex } from '../base/bytes.ts';
import { systemRandom } from '../base/system.ts';
import { fromLittleEndian } from '../crypto/little-endian.ts';
import { R } from '../crypto/mnt6/constants.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes. */
const LENGTH = 95;
/** Bits of the last byte that a number of 753 bits can have. */
const LAST_BITS = 0x01;

/** The secret of a voting key: a number of 1 to r - 1, where r (753 bits) is the order of the curve's groups. */
export class BLSSecretKey extends Freeable {
  readonly #bytes: Uint8Array;

  /**
   * Of 95 bytes, least significant first. Unlike the official class, it refuses zero, whose public key anyone can sign for.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `out-of-range`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, LENGTH, 'BLS secret key');
    if (!isInRange(this.#bytes)) throw new KeysError('out-of-range', 'BLS secret key: expected a number of 1 to r - 1');
  }

  /**
   * As the constructor. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `out-of-range`.
   */
  static deserialize(bytes: Uint8Array): BLSSecretKey {
    return new BLSSecretKey(bytes);
  }

  /**
   * From 190 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`, `out-of-range`.
   */
  static fromHex(hex: string): BLSSecretKey {
    return new BLSSecretKey(requireHexOf(hex, LENGTH, 'BLS secret key'));
  }

  /** From the host's secure randomness, evenly among all secrets. */
  static generate(): BLSSecretKey {
    for (;;) {
      const bytes = systemRandom.bytes(LENGTH);
      bytes[LENGTH - 1]! &= LAST_BITS;
      // r is 0.88 of 2^753: one try in nine is in vain.
      if (isInRange(bytes)) return new BLSSecretKey(bytes);
    }
  }

  /** 95 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  /** 190 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }
}

function isInRange(bytes: Uint8Array): boolean {
  const secret = fromLittleEndian(bytes);
  return secret > 0n && secret < R;
}
