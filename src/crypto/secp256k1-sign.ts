import { secp256k1 } from '@noble/curves/secp256k1.js';

/** A key that signs 32-byte messages over secp256k1. */
export interface RecoverableSigner {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** `message`: 32 bytes, not hashed again. 65 bytes: recovery id (0 to 3), r, s; s is low. */
  sign(message: Uint8Array): Uint8Array;
}

/** The signer of a secret key, 32 bytes. Throws if it is no key of the curve; 32 random bytes are one but for a chance of 2^-127. */
export function recoverableSigner(secret: Uint8Array): RecoverableSigner {
  return {
    publicKey: secp256k1.getPublicKey(secret, true),
    sign: (message) => secp256k1.sign(message, secret, { prehash: false, format: 'recovered' }),
  };
}
