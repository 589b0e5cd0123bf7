import { concatBytes, toHex } from '../base/bytes.ts';
import { isEs256Signature } from '../crypto/es256.ts';
import { derSignature } from './der.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes. */
const LENGTH = 64;

/** An ECDSA signature on P-256: r and s, 32 bytes each, big-endian. */
export class ES256Signature extends Freeable {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, LENGTH, 'signature');
    if (!isEs256Signature(this.#bytes)) throw new KeysError('out-of-range', 'signature: expected two numbers from 1 to the order of the curve');
  }

  /**
   * Of 64 bytes.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `out-of-range`.
   */
  static deserialize(bytes: Uint8Array): ES256Signature {
    return new ES256Signature(bytes);
  }

  /**
   * From the two numbers as a DER sequence, as WebAuthn gives it.
   * @throws {KeysError} `wrong-type`, `unknown-format`, `out-of-range`.
   */
  static fromAsn1(bytes: Uint8Array): ES256Signature {
    return new ES256Signature(concatBytes(...derSignature(bytes)));
  }

  /**
   * From 128 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`, `out-of-range`.
   */
  static fromHex(hex: string): ES256Signature {
    return new ES256Signature(requireHexOf(hex, LENGTH, 'signature'));
  }

  __getClassname(): string {
    return 'ES256Signature';
  }

  /** 64 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  /** 128 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }
}
