import { webCryptoSaysYes } from '../../../crypto/ed25519.ts';
import { isWebCryptoStrict, verifyEd25519Strict } from '../../../crypto/ed25519-strict.ts';
import type { Verify } from '../../../crypto/jobs.ts';

/**
 * Whether an Ed25519 signature of 64 bytes is valid, by the equation without cofactor, as the library of the moloch crates checks it (Moloch reference, 1): a signature with a
 * torsion part in R is refused. Accepts any input, and never rejects.
 */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** By WebCrypto where its yes means the same: that runs beside this thread. Its no is checked again, since some engines refuse keys of small order. */
export const verifySignature: VerifySignature = async (publicKey, message, signature) =>
  (await strictlyYes(publicKey, message, signature)) || verifyEd25519Strict(publicKey, message, signature);

/** As `verifySignature`; what WebCrypto does not decide, and takes a millisecond, is a job for the verifiers. Rejects when they are shut down. */
export const verifySignatureBy = (verify: Verify): VerifySignature => async (publicKey, message, signature) =>
  (await strictlyYes(publicKey, message, signature)) || (await verify({ kind: 'ed25519-strict', signatures: [{ publicKey, message, signature }] })).valid;

async function strictlyYes(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle;
  return subtle !== undefined && (await isWebCryptoStrict(subtle)) && webCryptoSaysYes(publicKey, message, signature, subtle);
}
