/**
 * Signed messages of the Nimiq Hub and Nimiq Pay: a signature over a text, which can be no transaction.
 * @module
 */
import { concatBytes } from '../base/bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { KeyPair } from './key-pair.ts';
import type { PublicKey } from './public-key.ts';
import type { Signature } from './signature.ts';
import { fromUtf8 } from './utf8.ts';

/** The first byte is the length of the rest. */
const PREFIX = fromUtf8('\x16Nimiq Signed Message:\n');

/** SHA-256 of the prefix ‖ the message's length in bytes, in decimal digits ‖ the message: what is signed. 32 bytes. A text is UTF-8. */
export function signedMessageHash(message: string | Uint8Array): Uint8Array {
  const bytes = typeof message === 'string' ? fromUtf8(message) : message;
  return sha256(concatBytes(PREFIX, fromUtf8(String(bytes.length)), bytes));
}

export function signMessage(keyPair: KeyPair, message: string | Uint8Array): Signature {
  return keyPair.sign(signedMessageHash(message));
}

/** Whether the owner of `publicKey` has signed `message`. That the key is the one of an address is for the caller to check. */
export function verifySignedMessage(publicKey: PublicKey, message: string | Uint8Array, signature: Signature): boolean {
  return publicKey.verify(signature, signedMessageHash(message));
}
