import { webCryptoSaysYes } from '../../../crypto/ed25519.ts';
import { isWebCryptoStrict, verifyEd25519Strict } from '../../../crypto/ed25519-strict.ts';

/**
 * Whether an Ed25519 signature of 64 bytes is valid, by the equation without cofactor, as the library of the moloch crates checks it (Moloch reference, 1): a signature with a
 * torsion part in R is refused. Accepts any input, and never rejects.
 */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** By WebCrypto where its yes means the same. Its no is checked again, since some engines refuse keys of small order. */
export const verifySignature: VerifySignature = async (publicKey, message, signature) => {
  const subtle = globalThis.crypto?.subtle;
  if (subtle && (await isWebCryptoStrict(subtle)) && (await webCryptoSaysYes(publicKey, message, signature, subtle))) return true;
  return verifyEd25519Strict(publicKey, message, signature);
};
