import { systemRandom } from '../base/system.ts';
import { concatBytes, toHex } from '../base/bytes.ts';
import { nonceOf } from '../crypto/musig2.ts';
import { BufferUtils } from './buffer-utils.ts';
import { Commitment } from './commitment.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';
import { RandomSecret } from './random-secret.ts';

/** A nonce and the commitment to it. In bytes: secret (32), commitment (32). Each signature takes two pairs that were never used before. */
export class CommitmentPair extends Freeable {
  static readonly SIZE: number = RandomSecret.SIZE + Commitment.SIZE;
  readonly #secret: RandomSecret;
  readonly #commitment: Commitment;

  /** Unlike the official class, it takes no commitment to another secret. @throws {KeysError} `wrong-type`, `key-mismatch`. */
  constructor(randomSecret: RandomSecret, commitment: Commitment) {
    super();
    if (!(randomSecret instanceof RandomSecret) || !(commitment instanceof Commitment)) throw new KeysError('wrong-type', 'commitment pair: expected a random secret and a commitment');
    if (!Commitment.derive(randomSecret).equals(commitment)) throw new KeysError('key-mismatch', 'commitment pair: the commitment is to another secret');
    this.#secret = randomSecret;
    this.#commitment = commitment;
  }

  static derive(randomSecret: RandomSecret): CommitmentPair {
    return new CommitmentPair(randomSecret, Commitment.derive(randomSecret));
  }

  /** From secure randomness. */
  static generate(): CommitmentPair {
    return CommitmentPair.derive(new RandomSecret(nonceOf(systemRandom.bytes(32))));
  }

  /** 64 bytes; the official class takes more and ignores them. @throws {KeysError} `wrong-type`, `wrong-length`, `not-a-point`, `key-mismatch`. */
  static deserialize(bytes: Uint8Array): CommitmentPair {
    const copy = requireBytes(bytes, CommitmentPair.SIZE, 'commitment pair');
    return new CommitmentPair(new RandomSecret(copy.subarray(0, RandomSecret.SIZE)), new Commitment(copy.subarray(RandomSecret.SIZE)));
  }

  /** 128 hex digits. */
  static fromHex(hex: string): CommitmentPair {
    return CommitmentPair.deserialize(requireHexOf(hex, CommitmentPair.SIZE, 'commitment pair'));
  }

  /** An instance, 128 hex digits, or 64 bytes. */
  static fromAny(pair: CommitmentPair | string | Uint8Array): CommitmentPair {
    if (pair instanceof CommitmentPair) return pair;
    if (typeof pair === 'string') return CommitmentPair.fromHex(pair);
    if (pair instanceof Uint8Array) return CommitmentPair.deserialize(pair);
    throw new KeysError('wrong-type', 'Could not parse commitment pair');
  }

  get secret(): RandomSecret {
    return this.#secret;
  }

  get commitment(): Commitment {
    return this.#commitment;
  }

  get serializedSize(): number {
    return CommitmentPair.SIZE;
  }

  __getClassname(): string {
    return 'CommitmentPair';
  }

  equals(other: CommitmentPair): boolean {
    return BufferUtils.equals(this.serialize(), other.serialize());
  }

  /** 64 bytes. */
  serialize(): Uint8Array {
    return concatBytes(this.#secret.serialize(), this.#commitment.serialize());
  }

  toHex(): string {
    return toHex(this.serialize());
  }
}
