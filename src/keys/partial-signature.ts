import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import { isScalar, signPartially, sumScalars } from '../crypto/musig2.ts';
import { Commitment } from './commitment.ts';
import { CommitmentPair } from './commitment-pair.ts';
import { Freeable } from './freeable.ts';
import { requireBytes, requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';
import type { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { Signature } from './signature.ts';

/** One signer's part of the second half of a multi-signature: a scalar, little endian. */
export class PartialSignature extends Freeable {
  static readonly SIZE: number = 32;
  readonly #bytes: Uint8Array;

  /**
   * Of 32 bytes. Unlike the official class, it takes no scalar that is not below the group's order.
   * @throws {KeysError} `wrong-type`, `wrong-length`, `out-of-range`.
   */
  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = requireBytes(bytes, PartialSignature.SIZE, 'partial signature');
    if (!isScalar(this.#bytes)) throw new KeysError('out-of-range', 'partial signature: not below the order of the group');
  }

  /**
   * One's own part. `ownCommitmentPairs`: two that are used for no other data and no other signers; forget their secrets afterwards, for a
   * second signature with them gives the private key away. `otherCommitments`: two of each other signer, in the order of their keys.
   * @throws {CryptoInputError} `wrong-length`, `not-a-point`, `secret-out-of-range`, `key-mismatch`.
   */
  static create(
    ownPrivateKey: PrivateKey,
    ownPublicKey: PublicKey,
    ownCommitmentPairs: (CommitmentPair | string | Uint8Array)[],
    otherPublicKeys: (PublicKey | string | Uint8Array)[],
    otherCommitments: (Commitment | string | Uint8Array)[][],
    data: Uint8Array,
  ): PartialSignature {
    const pairs = ownCommitmentPairs.map((pair) => CommitmentPair.fromAny(pair));
    const own = { privateKey: ownPrivateKey.serialize(), nonces: pairs.map((pair) => pair.secret.serialize()) };
    const session = {
      publicKeys: [ownPublicKey, ...otherPublicKeys].map((key) => PublicKey.fromAny(key).serialize()),
      commitments: [pairs.map((pair) => pair.commitment), ...otherCommitments].map((group) => group.map((commitment) => Commitment.fromAny(commitment).serialize())),
      content: data,
    };
    return new PartialSignature(signPartially(own, session));
  }

  /** 32 bytes; the official class takes more and ignores them. */
  static deserialize(bytes: Uint8Array): PartialSignature {
    return new PartialSignature(bytes);
  }

  /** 64 hex digits. */
  static fromHex(hex: string): PartialSignature {
    return new PartialSignature(requireHexOf(hex, PartialSignature.SIZE, 'partial signature'));
  }

  /** An instance, 64 hex digits, or 32 bytes. */
  static fromAny(signature: PartialSignature | string | Uint8Array): PartialSignature {
    if (signature instanceof PartialSignature) return signature;
    if (typeof signature === 'string') return PartialSignature.fromHex(signature);
    if (signature instanceof Uint8Array) return new PartialSignature(signature);
    throw new KeysError('wrong-type', 'Could not parse partial signature');
  }

  /** All signers' parts together. `toSignature` makes the signature of it. */
  static sum(partialSignatures: (PartialSignature | string | Uint8Array)[]): PartialSignature {
    return new PartialSignature(sumScalars(partialSignatures.map((signature) => PartialSignature.fromAny(signature).#bytes)));
  }

  /** Of the sum of all parts: the signature, which is valid under `PublicKey.sum` of the signers' keys. `aggregatedCommitment`: by `Commitment.sumMuSig2`. */
  toSignature(aggregatedCommitment: Commitment): Signature {
    return Signature.deserialize(concatBytes(aggregatedCommitment.serialize(), this.#bytes));
  }

  get serializedSize(): number {
    return PartialSignature.SIZE;
  }

  __getClassname(): string {
    return 'PartialSignature';
  }

  equals(other: PartialSignature): boolean {
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
