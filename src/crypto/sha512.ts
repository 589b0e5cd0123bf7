/** SHA-512, 64 bytes: Ed25519, derivation of keys. */
export { sha512 } from '@noble/hashes/sha2.js';
