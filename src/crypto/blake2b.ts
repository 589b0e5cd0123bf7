/**
 * BLAKE2b-256, unkeyed: block hashes, addresses, trees, the VRF's random numbers (Albatross cryptography reference, 1).
 * @module
 */
import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js';

/** The 32-byte BLAKE2b digest of `bytes`. */
export function blake2b(bytes: Uint8Array): Uint8Array {
  return nobleBlake2b(bytes, { dkLen: 32 });
}
