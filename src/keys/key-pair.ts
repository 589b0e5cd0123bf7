import { concatBytes, toHex } from '../base/bytes.ts';
import type { Address } from './address.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHex } from './input.ts';
import { KeysError } from './keys-error.ts';
import { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { Signature } from './signature.ts';

/** Bytes of the two keys. */
const KEYS_LENGTH = PrivateKey.SIZE + PublicKey.SIZE;
/** Follows the keys: they are not encrypted. */
const NOT_LOCKED = Uint8Array.of(0);

/** A transaction, as far as its signing goes. */
interface Signable {
  sign(keyPair: KeyPair, innerKeyPair: KeyPair | undefined): void;
}

/** An Ed25519 private key and its public key. */
export class KeyPair extends Freeable {
  readonly #privateKey: PrivateKey;
  readonly #publicKey: PublicKey;

  /** Nothing checks whether the keys belong together. */
  constructor(privateKey: PrivateKey, publicKey: PublicKey) {
    super();
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  /** The pair of a private key. */
  static derive(privateKey: PrivateKey): KeyPair {
    return new KeyPair(privateKey, PublicKey.derive(privateKey));
  }

  /**
   * Of 64 bytes, private key and public key, or of these and one more, which is ignored.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static deserialize(bytes: Uint8Array): KeyPair {
    const copy = requireBytes(bytes, bytes.length === KEYS_LENGTH ? KEYS_LENGTH : KEYS_LENGTH + 1, 'key pair');
    return new KeyPair(PrivateKey.deserialize(copy.subarray(0, PrivateKey.SIZE)), PublicKey.deserialize(copy.subarray(PrivateKey.SIZE, KEYS_LENGTH)));
  }

  /**
   * From the hex form of what `deserialize` takes.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   */
  static fromHex(hex: string): KeyPair {
    return KeyPair.deserialize(requireHex(hex, 'key pair'));
  }

  /** From the host's secure randomness. */
  static generate(): KeyPair {
    return KeyPair.derive(PrivateKey.generate());
  }

  get privateKey(): PrivateKey {
    return this.#privateKey;
  }

  get publicKey(): PublicKey {
    return this.#publicKey;
  }

  __getClassname(): string {
    return 'KeyPair';
  }

  /** 65 bytes: private key, public key, `00`. */
  serialize(): Uint8Array {
    return concatBytes(this.#privateKey.serialize(), this.#publicKey.serialize(), NOT_LOCKED);
  }

  /** The signature of any bytes. */
  sign(data: Uint8Array): Signature {
    return Signature.create(this.#privateKey, this.#publicKey, data);
  }

  /** Signs a transaction and puts the proof into it. */
  signTransaction(transaction: Signable): void {
    if (typeof (transaction as Partial<Signable> | null | undefined)?.sign !== 'function') throw new KeysError('wrong-type', 'expected a transaction');
    transaction.sign(this, undefined);
  }

  /** The address of the public key. */
  toAddress(): Address {
    return this.#publicKey.toAddress();
  }

  /** 130 lower-case digits. */
  toHex(): string {
    return toHex(this.serialize());
  }
}
