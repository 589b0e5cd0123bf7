import { toHex } from '../base/bytes.ts';
import { reduceScalar } from '../crypto/musig2.ts';
import { BufferUtils } from './buffer-utils.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** The nonce of one's own part in a multi-signature: a scalar, little endian. A person who learns it, or sees it used twice, has the private key. */
export class RandomSecret extends Freeable {
  static readonly SIZE: number = 32;
  readonly #bytes: Uint8Array;

  /**
   * Of 32 bytes, which are reduced by the group's order, as in the official client.
   * @throws {KeysError} `wrong-type`, `wrong-length`; `out-of-range` if nothing is left.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = reduceScalar(requireBytes(bytes, RandomSecret.SIZE, 'random secret'));
    if (this.#bytes.every((byte) => byte === 0)) throw new KeysError('out-of-range', 'random secret: 0 is no secret');
  }

  /** 32 bytes; the official class takes more and ignores them. */
  static deserialize(bytes: Uint8Array): RandomSecret {
    return new RandomSecret(bytes);
  }

  /** 64 hex digits. */
  static fromHex(hex: string): RandomSecret {
    return new RandomSecret(requireHexOf(hex, RandomSecret.SIZE, 'random secret'));
  }

  /** An instance, 64 hex digits, or 32 bytes. */
  static fromAny(secret: RandomSecret | string | Uint8Array): RandomSecret {
    if (secret instanceof RandomSecret) return secret;
    if (typeof secret === 'string') return RandomSecret.fromHex(secret);
    if (secret instanceof Uint8Array) return new RandomSecret(secret);
    throw new KeysError('wrong-type', 'Could not parse random secret');
  }

  get serializedSize(): number {
    return RandomSecret.SIZE;
  }

  __getClassname(): string {
    return 'RandomSecret';
  }

  equals(other: RandomSecret): boolean {
    return BufferUtils.equals(this.#bytes, other.#bytes);
  }

  /** 32 bytes, a copy. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  toHex(): string {
    return toHex(this.#bytes);
  }
}
