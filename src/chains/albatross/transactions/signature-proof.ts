/**
 * The proof that the owner of an account wants a transaction: a public key, its path to the address, a signature, and for a passkey the
 * data that its authenticator signed (Albatross proofs reference, 4.2).
 * Tests: `src/chains/albatross/transactions/verify-transaction.test.ts`.
 * @module
 */
import { equalBytes } from '../../../base/bytes.ts';
import { fixed } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { verifyEd25519Sync } from '../../../crypto/ed25519.ts';
import { isEs256Signature, verifyEs256 } from '../../../crypto/es256.ts';
import { webauthnFields } from '../wire/transactions.ts';
import type { WebauthnFields } from '../wire/types.ts';
import { merklePath, merklePathRoot } from './merkle-path.ts';
import type { MerklePath } from './merkle-path.ts';
import { ADDRESS_LENGTH } from './sender-address.ts';
import { webauthnMessage } from './webauthn-message.ts';

export interface SignatureProof {
  readonly algorithm: 'ed25519' | 'es256';
  /** 32 bytes (Ed25519) or 33 (ES256, compressed). */
  readonly publicKey: Uint8Array;
  /** Empty for an account of one key. */
  readonly merklePath: MerklePath;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly webauthn: WebauthnFields | undefined;
}

/** Low nibble of the first byte. */
const ALGORITHM_MASK = 0x0f;
const algorithms = ['ed25519', 'es256'] as const;
/** Bit 4 of the first byte: WebAuthn fields follow. */
const WEBAUTHN = 0x10;
/** Bits without a meaning. */
const UNUSED_FLAGS = 0xe0;

const publicKeys = { ed25519: fixed(32), es256: fixed(33) };
const signature = fixed(64);

/**
 * Algorithm and flags (one byte), public key, merkle path, signature, WebAuthn fields if flagged. An ES256 key begins with 2 or 3; whether
 * it is on the curve is seen when it verifies. The numbers of an ES256 signature are in their range.
 */
export const signatureProof: Codec<SignatureProof> = {
  read: (r) => {
    const start = r.offset;
    const flags = r.u8();
    const algorithm = algorithms[flags & ALGORITHM_MASK];
    if (algorithm === undefined || (flags & UNUSED_FLAGS) !== 0) throw new DecodeError('invalid-value', start, `proof flags ${flags}`);
    const proof: SignatureProof = {
      algorithm,
      publicKey: publicKeys[algorithm].read(r),
      merklePath: merklePath.read(r),
      signature: signature.read(r),
      webauthn: (flags & WEBAUTHN) === 0 ? undefined : webauthnFields.read(r),
    };
    if (!isWellFormed(proof)) throw new DecodeError('invalid-value', start, 'no ES256 key or signature');
    return proof;
  },
  write: (w, proof) => {
    if (!isWellFormed(proof)) throw new EncodeError('out-of-range', 'no ES256 key or signature');
    w.u8(proofFlags(proof));
    publicKeys[proof.algorithm].write(w, proof.publicKey);
    merklePath.write(w, proof.merklePath);
    signature.write(w, proof.signature);
    if (proof.webauthn !== undefined) webauthnFields.write(w, proof.webauthn);
  },
  minSize: 1 + 32 + 1 + 64,
};

/** Whether an ES256 key begins with 2 or 3, and the numbers of the signature are in their range. */
export function isWellFormed({ algorithm, publicKey, signature }: Pick<SignatureProof, 'algorithm' | 'publicKey' | 'signature'>): boolean {
  return algorithm === 'ed25519' || ((publicKey[0] === 2 || publicKey[0] === 3) && isEs256Signature(signature));
}

/** The first byte of the proof, which a basic transaction has too. */
export function proofFlags({ algorithm, webauthn }: Pick<SignatureProof, 'algorithm' | 'webauthn'>): number {
  return algorithms.indexOf(algorithm) | (webauthn === undefined ? 0 : WEBAUTHN);
}

/** The algorithm that the first byte names; the codec of the proof or of the transaction has checked it. */
export function proofAlgorithm(flags: number): SignatureProof['algorithm'] {
  return (flags & ALGORITHM_MASK) === 0 ? 'ed25519' : 'es256';
}

/** The default proof, 98 zero bytes as encoded: it stands in the data of a staking transaction while its inner signature is made. */
export const emptySignatureProof: SignatureProof = { algorithm: 'ed25519', publicKey: new Uint8Array(32), merklePath: [], signature: new Uint8Array(64), webauthn: undefined };

/** The address (20 bytes) of the account that the proof speaks for: the begin of the root that the path leads to from the key. */
export function proofSigner({ merklePath, publicKey }: Pick<SignatureProof, 'merklePath' | 'publicKey'>): Uint8Array {
  return merklePathRoot(merklePath, publicKey).slice(0, ADDRESS_LENGTH);
}

/** Whether the proof speaks for the address (20 bytes). Says nothing about the signature. */
export function isSignedBy(proof: Pick<SignatureProof, 'merklePath' | 'publicKey'>, address: Uint8Array): boolean {
  return equalBytes(proofSigner(proof), address);
}

/** Whether the signature of `content` is valid under the proof's key. Says nothing about the address. Takes any content and never throws. */
export function verifySignatureProof({ algorithm, publicKey, signature, webauthn }: SignatureProof, content: Uint8Array): boolean {
  const message = webauthn === undefined ? content : webauthnMessage(webauthn, content);
  if (message === undefined) return false;
  return algorithm === 'ed25519' ? verifyKeySignature(publicKey, message, signature) : verifyEs256(publicKey, message, signature);
}

/**
 * Whether an account's Ed25519 signature is valid: by the rules of ZIP-215, as the official client does it, but never under the key of
 * zeros, for which anybody can sign (`@nimiq/core` 2.21.0 refuses it too).
 */
export function verifyKeySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.some((byte) => byte !== 0) && verifyEd25519Sync(publicKey, message, signature);
}
