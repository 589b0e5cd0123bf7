import { systemRandom } from '../base/system.ts';
import { argon2dKeyInTurns } from '../crypto/argon2.ts';
import { hmacSha512, pbkdf2Sha512 } from '../crypto/hmac-sha512.ts';
import { BufferUtils } from './buffer-utils.ts';
import { Freeable } from './freeable.ts';
import { NIMIQ_ARGON2D_MEMORY } from './hash.ts';
import { KeysError } from './keys-error.ts';

/** Derivation of keys and randomness, as in the official client. */
export class CryptoUtils extends Freeable {
  private constructor() {
    super();
  }

  /** 64 bytes. */
  static computeHmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array {
    return hmacSha512(key, data);
  }

  /** Blocks until the key is made. @throws {CryptoInputError} `out-of-range`. */
  static computePBKDF2sha512(password: Uint8Array, salt: Uint8Array, iterations: number, derivedKeyLength: number): Uint8Array {
    return pbkdf2Sha512(password, salt, iterations, derivedKeyLength);
  }

  /** `length` unpredictable bytes. */
  static getRandomValues(length: number): Uint8Array {
    if (!Number.isSafeInteger(length) || length < 0) throw new KeysError('out-of-range', `random bytes: expected a length of 0 or more, got ${length}`);
    return systemRandom.bytes(length);
  }

  /**
   * `message` (4 bytes or more) XOR its key stream, which is as long: Argon2d with 512 KiB of the password `key` (UTF-8) and `salt`. The
   * same call decrypts. Takes some 5 ms an iteration, in turns with other tasks.
   * @throws {CryptoInputError} `wrong-length`, `out-of-range`.
   */
  static async otpKdf(message: Uint8Array, key: Uint8Array, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
    const stream = await argon2dKeyInTurns(key, { salt, memory: NIMIQ_ARGON2D_MEMORY, iterations, length: message.length });
    const result = BufferUtils.xor(message, stream);
    stream.fill(0);
    return result;
  }
}
