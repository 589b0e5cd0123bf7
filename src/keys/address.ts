import { compareBytes, equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { AddressTextError, friendlyAddress, parseFriendlyAddress } from '../chains/albatross/transactions/address-text.ts';
import { ADDRESS_LENGTH } from '../chains/albatross/transactions/sender-address.ts';
import { merkleRoot } from '../chains/albatross/transactions/merkle-path.ts';
import { combineKeys } from '../crypto/musig2.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes of a public key. */
const KEY_LENGTH = 32;

/** The address of an account: 20 bytes. */
export class Address extends Freeable {
  readonly #bytes: Uint8Array;

  /**
   * Of 20 bytes.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, ADDRESS_LENGTH, 'address');
  }

  /** The all-zero address, which nobody has the key of. */
  static get NULL(): Address {
    return new Address(new Uint8Array(ADDRESS_LENGTH));
  }

  /**
   * Of 20 bytes. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-length`, `wrong-type`.
   */
  static deserialize(bytes: Uint8Array): Address {
    return new Address(bytes);
  }

  /**
   * From an address, 20 bytes, or a text in one of the two forms.
   * @throws {KeysError} `wrong-length`, `wrong-type`, `unknown-format`.
   */
  static fromAny(address: Address | string | Uint8Array): Address {
    if (typeof address === 'string') return Address.fromString(address);
    if (address instanceof Uint8Array) return new Address(address);
    if (address instanceof Address) return address;
    throw new KeysError('wrong-type', 'Could not parse address');
  }

  /**
   * The address of the account for which any `numSigners` of these keys (objects, 64 hex digits, or 32 bytes) sign together.
   * @throws {KeysError} `not-hex`, `wrong-length`, `wrong-type`.
   * @throws {CryptoInputError} `not-a-point`; `out-of-range` if there are fewer keys than signers, no signer, or too many choices.
   */
  static fromPublicKeys(publicKeys: ({ serialize(): Uint8Array } | string | Uint8Array)[], numSigners: number): Address {
    const keys = publicKeys.map((key) => (typeof key === 'string' ? requireHexOf(key, KEY_LENGTH, 'public key') : requireBytes(key instanceof Uint8Array ? key : key.serialize(), KEY_LENGTH, 'public key')));
    return new Address(merkleRoot(combineKeys(keys, numSigners)).slice(0, ADDRESS_LENGTH));
  }

  /**
   * From 40 hex digits of either case, or from the user-friendly form.
   * @throws {KeysError} `unknown-format`, `wrong-type`.
   */
  static fromString(text: string): Address {
    if (typeof text !== 'string') throw new KeysError('wrong-type', `address: expected a text, got ${typeof text}`);
    if (/^[0-9a-fA-F]{40}$/u.test(text)) return new Address(fromHex(text));
    try {
      return new Address(parseFriendlyAddress(text));
    } catch (error) {
      if (error instanceof AddressTextError) throw new KeysError('unknown-format', 'Unknown format');
      throw error;
    }
  }

  /**
   * From the user-friendly form, `NQ07 0000 …`. Blanks may be anywhere or missing; letters are upper case.
   * @throws {AddressTextError}
   * @throws {KeysError} `wrong-type`.
   */
  static fromUserFriendlyAddress(text: string): Address {
    if (typeof text !== 'string') throw new KeysError('wrong-type', `address: expected a text, got ${typeof text}`);
    return new Address(parseFriendlyAddress(text));
  }

  __getClassname(): string {
    return 'Address';
  }

  /** -1, 0 or 1, by the bytes. */
  compare(other: Address): number {
    return Math.sign(compareBytes(this.#bytes, other.serialize()));
  }

  equals(other: Address): boolean {
    return equalBytes(this.#bytes, other.serialize());
  }

  /** 20 bytes. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  /** 40 lower-case digits. */
  toHex(): string {
    return toHex(this.#bytes);
  }

  /** The user-friendly form. */
  toPlain(): string {
    return this.toUserFriendlyAddress();
  }

  /** `NQ07 0000 …`: nine blocks of four characters with blanks between them. */
  toUserFriendlyAddress(): string {
    return friendlyAddress(this.#bytes);
  }
}
