/**
 * Key pairs of X25519 (RFC 7748), for the noise handshake.
 * @module
 */
import { x25519 } from '@noble/curves/ed25519.js';

/** 32 bytes each. */
export interface X25519KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * A new key pair, or the one of `privateKey` (32 bytes). Uses the Montgomery ladder, as for a shared secret. The library's own way first
 * computes a table, which takes longer than the few keys that a client makes.
 */
export function x25519KeyPair(privateKey: Uint8Array = x25519.utils.randomSecretKey()): X25519KeyPair {
  return { privateKey, publicKey: x25519.scalarMult(privateKey, x25519.GuBytes) };
}
