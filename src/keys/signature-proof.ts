// Tests: `src/keys/transaction.test.ts`, `test/keys/official-passkeys.test.ts`.
import { decode, encode } from '../base/postcard/codec.ts';
import { DecodeError } from '../base/postcard/errors.ts';
import { merklePath, merklePathOf, sortKeys } from '../chains/albatross/transactions/merkle-path.ts';
import type { MerklePath as PathNodes } from '../chains/albatross/transactions/merkle-path.ts';
import { isSignedBy, signatureProof, verifySignatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import type { SignatureProof as ProofFields } from '../chains/albatross/transactions/signature-proof.ts';
import { webauthnFieldsOf } from '../chains/albatross/transactions/webauthn-message.ts';
import type { Address } from './address.ts';
import { ES256PublicKey } from './es256-public-key.ts';
import { ES256Signature } from './es256-signature.ts';
import { Freeable } from './freeable.ts';
import { KeysError } from './keys-error.ts';
import { MerklePath } from './merkle-path.ts';
import { plainSignatureProof } from './plain-data.ts';
import type { PlainTransactionProof } from './plain-transaction.ts';
import { PublicKey } from './public-key.ts';
import { Signature } from './signature.ts';

/** A public key, its path to an address, and a signature: what a transaction carries as proof of its sender's will. */
export class SignatureProof extends Freeable {
  /** Bytes of a proof with an Ed25519 key and no path. */
  static readonly SINGLE_SIG_SIZE: number = 98;
  /** Bytes of a proof with an ES256 key, no path and no WebAuthn fields. */
  static readonly ES256_SINGLE_SIG_SIZE: number = 99;
  readonly #fields: ProofFields;

  private constructor(fields: ProofFields) {
    super();
    this.#fields = fields;
  }

  /**
   * Of the bytes of one proof. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-type`, `unknown-format`.
   */
  static deserialize(bytes: Uint8Array): SignatureProof {
    if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `signature proof: expected bytes, got ${typeof bytes}`);
    try {
      return new SignatureProof(decode(signatureProof, bytes));
    } catch (error) {
      if (error instanceof DecodeError) throw new KeysError('unknown-format', `signature proof: ${error.message}`);
      throw error;
    }
  }

  /** Of an account of one key. */
  static singleSig(publicKey: PublicKey, signature: Signature): SignatureProof {
    return proofOf(publicKey, signature, []);
  }

  /**
   * Of an account of several keys, one of which signed. The order of the keys does not matter.
   * @throws {KeysError} `key-mismatch` when the signer's key is not among the keys.
   */
  static multiSig(signerKey: PublicKey, publicKeys: (PublicKey | ES256PublicKey)[], signature: Signature): SignatureProof {
    return proofOf(signerKey, signature, pathOf(signerKey, publicKeys));
  }

  /**
   * Of an account of one key, by a passkey: with what its authenticator returned as `authenticatorData` and `clientDataJSON`.
   * @throws {WebauthnDataError}
   * @throws {KeysError} `key-mismatch` when key and signature are of two kinds.
   */
  static webauthnSingleSig(publicKey: PublicKey | ES256PublicKey, signature: Signature | ES256Signature, authenticatorData: Uint8Array, clientDataJson: Uint8Array): SignatureProof {
    return proofOf(publicKey, signature, [], webauthnFieldsOf(authenticatorData, clientDataJson));
  }

  /**
   * Of an account of several keys, by a passkey.
   * @throws {WebauthnDataError}
   * @throws {KeysError} `key-mismatch` when the signer's key is not among the keys, or key and signature are of two kinds.
   */
  static webauthnMultiSig(
    signerKey: PublicKey | ES256PublicKey,
    publicKeys: (PublicKey | ES256PublicKey)[],
    signature: Signature | ES256Signature,
    authenticatorData: Uint8Array,
    clientDataJson: Uint8Array,
  ): SignatureProof {
    return proofOf(signerKey, signature, pathOf(signerKey, publicKeys), webauthnFieldsOf(authenticatorData, clientDataJson));
  }

  get merklePath(): MerklePath {
    return MerklePath.deserialize(encode(merklePath, this.#fields.merklePath));
  }

  get publicKey(): PublicKey | ES256PublicKey {
    const { algorithm, publicKey } = this.#fields;
    return algorithm === 'ed25519' ? new PublicKey(publicKey) : new ES256PublicKey(publicKey);
  }

  get signature(): Signature | ES256Signature {
    const { algorithm, signature } = this.#fields;
    return algorithm === 'ed25519' ? Signature.deserialize(signature) : ES256Signature.deserialize(signature);
  }

  /** Whether key and path lead to the address. Says nothing about the signature. */
  isSignedBy(sender: Address): boolean {
    return isSignedBy(this.#fields, sender.serialize());
  }

  serialize(): Uint8Array {
    return encode(signatureProof, this.#fields);
  }

  toPlain(): PlainTransactionProof {
    return plainSignatureProof(this.serialize());
  }

  /** Whether the signature of `data`, a transaction's content, is valid under the key. */
  verify(data: Uint8Array): boolean {
    return verifySignatureProof(this.#fields, data);
  }
}

/** Through the bytes, because the constructor is private. */
function proofOf(publicKey: PublicKey | ES256PublicKey, signature: Signature | ES256Signature, merklePath: PathNodes, webauthn?: ProofFields['webauthn']): SignatureProof {
  const algorithm = publicKey instanceof ES256PublicKey ? 'es256' : 'ed25519';
  if ((signature instanceof ES256Signature) !== (algorithm === 'es256')) throw new KeysError('key-mismatch', 'a signature of another kind than the key');
  return SignatureProof.deserialize(encode(signatureProof, { algorithm, publicKey: publicKey.serialize(), merklePath, signature: signature.serialize(), webauthn }));
}

function pathOf(signerKey: PublicKey | ES256PublicKey, publicKeys: (PublicKey | ES256PublicKey)[]): PathNodes {
  const path = merklePathOf(sortKeys(publicKeys.map((key) => key.serialize())), signerKey.serialize());
  if (path === undefined) throw new KeysError('key-mismatch', 'the signer\'s key is not among the keys');
  return path;
}
