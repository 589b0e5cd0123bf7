import { equalBytes, toHex } from '../base/bytes.ts';
import { aggregateCommitments, commitmentTo, isPoint, sumPoints } from '../crypto/musig2.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';
import { PublicKey } from './public-key.ts';
import type { RandomSecret } from './random-secret.ts';

/** What a signer shows of a nonce before signing: the nonce times the base point. */
export class Commitment extends Freeable {
  static readonly SIZE: number = 32;
  readonly #bytes: Uint8Array;

  /**
   * Of 32 bytes. Unlike the official class, it takes no other encoding of a point than the canonical one.
   * @throws {KeysError} `wrong-type`, `wrong-length`, `not-a-point`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, Commitment.SIZE, 'commitment');
    if (!isPoint(this.#bytes)) throw new KeysError('not-a-point', 'commitment: not the canonical encoding of a point');
  }

  /** The commitment to a nonce. */
  static derive(randomSecret: RandomSecret): Commitment {
    return new Commitment(commitmentTo(randomSecret.serialize()));
  }

  /** 32 bytes; the official class takes more and ignores them. */
  static deserialize(bytes: Uint8Array): Commitment {
    return new Commitment(bytes);
  }

  /** 64 hex digits. */
  static fromHex(hex: string): Commitment {
    return new Commitment(requireHexOf(hex, Commitment.SIZE, 'commitment'));
  }

  /** An instance, 64 hex digits, or 32 bytes. */
  static fromAny(commitment: Commitment | string | Uint8Array): Commitment {
    if (commitment instanceof Commitment) return commitment;
    if (typeof commitment === 'string') return Commitment.fromHex(commitment);
    if (commitment instanceof Uint8Array) return new Commitment(commitment);
    throw new KeysError('wrong-type', 'Could not parse commitment');
  }

  /** The plain sum of one or more. It is no MuSig2 aggregate: for that, see `sumMuSig2`. @throws {KeysError} `out-of-range` if there is none. */
  static sum(commitments: (Commitment | string | Uint8Array)[]): Commitment {
    if (commitments.length === 0) throw new KeysError('out-of-range', 'No commitments provided');
    return new Commitment(sumPoints(commitments.map((commitment) => Commitment.fromAny(commitment).#bytes)));
  }

  /**
   * The commitment of all signers together. `commitmentGroups`: two of each signer, in the order of the keys. `data`: what will be signed,
   * for a transaction its serialized content.
   * @throws {CryptoInputError} `wrong-length`, `not-a-point`.
   */
  static sumMuSig2(publicKeys: (PublicKey | string | Uint8Array)[], commitmentGroups: (Commitment | string | Uint8Array)[][], data: Uint8Array): Commitment {
    return new Commitment(
      aggregateCommitments({
        publicKeys: publicKeys.map((key) => PublicKey.fromAny(key).serialize()),
        commitments: commitmentGroups.map((group) => group.map((commitment) => Commitment.fromAny(commitment).#bytes)),
        content: data,
      }),
    );
  }

  get serializedSize(): number {
    return Commitment.SIZE;
  }

  __getClassname(): string {
    return 'Commitment';
  }

  equals(other: Commitment): boolean {
    return equalBytes(this.#bytes, other.#bytes);
  }

  /** 32 bytes, a copy. */
  serialize(): Uint8Array {
    return this.#bytes.slice();
  }

  toHex(): string {
    return toHex(this.#bytes);
  }
}
