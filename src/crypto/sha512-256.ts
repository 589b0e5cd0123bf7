/** SHA-512/256, 32 bytes: all hashes of Stacks but those of keys and sortitions. */
export { sha512_256 } from '@noble/hashes/sha2.js';
