import { argon2dKey, argon2idKey } from '../crypto/argon2.ts';
import { blake2b } from '../crypto/blake2b.ts';
import { sha256 } from '../crypto/sha256.ts';
import { sha512 } from '../crypto/sha512.ts';
import { Freeable } from './freeable.ts';

/** Kibibytes. Fixed by the official client; little by today's measure, so a password must be good. */
export const NIMIQ_ARGON2D_MEMORY = 512;
const NIMIQ_ARGON2ID_MEMORY = 12_288;

/** Digests and keys from passwords, as in the official client. */
export class Hash extends Freeable {
  private constructor() {
    super();
  }

  /** 32 bytes. */
  static computeBlake2b(data: Uint8Array): Uint8Array {
    return blake2b(data);
  }

  /** 32 bytes. */
  static computeSha256(data: Uint8Array): Uint8Array {
    return sha256(data);
  }

  /** 64 bytes. */
  static computeSha512(data: Uint8Array): Uint8Array {
    return sha512(data);
  }

  /**
   * Argon2d with 512 KiB. Blocks until the key is made: some 5 ms an iteration. `salt`: 8 bytes or more; the key: 4 bytes or more.
   * @throws {CryptoInputError} `wrong-length`, `out-of-range`.
   */
  static computeNimiqArgon2d(password: Uint8Array, salt: Uint8Array, iterations: number, derivedKeyLength: number): Uint8Array {
    return argon2dKey(password, { salt, memory: NIMIQ_ARGON2D_MEMORY, iterations, length: derivedKeyLength });
  }

  /**
   * Argon2id with 12 MiB. Blocks until the key is made: some 100 ms an iteration. `salt`: 8 bytes or more; the key: 4 bytes or more.
   * @throws {CryptoInputError} `wrong-length`, `out-of-range`.
   */
  static computeNimiqArgon2id(password: Uint8Array, salt: Uint8Array, iterations: number, derivedKeyLength: number): Uint8Array {
    return argon2idKey(password, { salt, memory: NIMIQ_ARGON2ID_MEMORY, iterations, length: derivedKeyLength });
  }
}
