import { equalBytes, toHex } from '../base/bytes.ts';
import { systemRandom } from '../base/system.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';

/** Bytes. */
const LENGTH = 32;

/** An Ed25519 private key: the 32 bytes of RFC 8032, from which signing derives the scalar. */
export class PrivateKey extends Freeable {
  /** In an encrypted secret: these bytes are a private key. */
  static readonly PURPOSE_ID: number = 0x4200_0001;
  static readonly SIZE: number = LENGTH;
  readonly #bytes: Uint8Array;

  /**
   * Of 32 bytes.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, LENGTH, 'private key');
  }

  /**
   * Of 32 bytes. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static deserialize(bytes: Uint8Array): PrivateKey {
    return new PrivateKey(bytes);
  }

  /**
   * From 64 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   */
  static fromHex(hex: string): PrivateKey {
    return new PrivateKey(requireHexOf(hex, LENGTH, 'private key'));
  }

  /** From the host's secure randomness. */
  static generate(): PrivateKey {
    return new PrivateKey(systemRandom.bytes(LENGTH));
  }

  get serializedSize(): number {
    return LENGTH;
  }

  equals(other: PrivateKey): boolean {
    return equalBytes(this.#bytes, other.serialize());
  }

  /** 32 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  /** 64 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }
}
