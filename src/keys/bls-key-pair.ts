import { blake2s } from '../crypto/blake2s.ts';
import { blsSign } from '../crypto/bls-signing.ts';
import { BLSPublicKey } from './bls-public-key.ts';
import { BLSSecretKey } from './bls-secret-key.ts';
import { Freeable } from './freeable.ts';

/** A voting key and its secret, with which a validator votes on macro blocks. */
export class BLSKeyPair extends Freeable {
  readonly #secretKey: BLSSecretKey;
  readonly #publicKey: BLSPublicKey;

  /** Nothing checks whether the keys belong together. */
  constructor(secretKey: BLSSecretKey, publicKey: BLSPublicKey) {
    super();
    this.#secretKey = secretKey;
    this.#publicKey = publicKey;
  }

  /** The pair of a secret key. */
  static derive(secretKey: BLSSecretKey): BLSKeyPair {
    return new BLSKeyPair(secretKey, BLSPublicKey.derive(secretKey));
  }

  /**
   * Of the 95 bytes of the secret key.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `out-of-range`.
   */
  static deserialize(bytes: Uint8Array): BLSKeyPair {
    return BLSKeyPair.derive(BLSSecretKey.deserialize(bytes));
  }

  /** From the host's secure randomness. */
  static generate(): BLSKeyPair {
    return BLSKeyPair.derive(BLSSecretKey.generate());
  }

  get secretKey(): BLSSecretKey {
    return this.#secretKey;
  }

  get publicKey(): BLSPublicKey {
    return this.#publicKey;
  }

  /**
   * What a validator shows when it registers the key: the signature of the public key's 285 bytes under the secret key (95 bytes). The
   * official client makes it inside `TransactionBuilder`.
   */
  proofOfKnowledge(): Uint8Array {
    return blsSign(this.#secretKey.serialize(), blake2s(this.#publicKey.serialize()));
  }

  /** The 95 bytes of the secret key. */
  serialize(): Uint8Array {
    return this.#secretKey.serialize();
  }

  /** 190 lower-case digits: the secret key. */
  toHex(): string {
    return this.#secretKey.toHex();
  }
}
