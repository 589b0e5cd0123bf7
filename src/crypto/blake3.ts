/** BLAKE3, 32 bytes, unkeyed: all hashes of Moloch. */
export { blake3 } from '@noble/hashes/blake3.js';
