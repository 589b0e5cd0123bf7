import { concatBytes, toHex } from '../base/bytes.ts';
import { signEd25519 } from '../crypto/ed25519.ts';
import { derSignature } from './der.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import type { PrivateKey } from './private-key.ts';

/** Bytes. */
const LENGTH = 64;

/** An Ed25519 signature: R and s, 32 bytes each. */
export class Signature extends Freeable {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, LENGTH, 'signature');
  }

  /** Signs `data`. The private key decides; the public key is a parameter because the official class has it. */
  static create(privateKey: PrivateKey, _publicKey: { serialize(): Uint8Array }, data: Uint8Array): Signature {
    return new Signature(signEd25519(privateKey.serialize(), data));
  }

  /**
   * Of 64 bytes.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static deserialize(bytes: Uint8Array): Signature {
    return new Signature(bytes);
  }

  /**
   * From the two numbers as a DER sequence, as for ES256.
   * @throws {KeysError} `wrong-type`, `unknown-format`.
   */
  static fromAsn1(bytes: Uint8Array): Signature {
    return new Signature(concatBytes(...derSignature(bytes)));
  }

  /**
   * From 128 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   */
  static fromHex(hex: string): Signature {
    return new Signature(requireHexOf(hex, LENGTH, 'signature'));
  }

  __getClassname(): string {
    return 'Signature';
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
