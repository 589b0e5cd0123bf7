/** SHA-256, 32 bytes: VRF entropy, and gossip's message ids. */
export { sha256 } from '@noble/hashes/sha2.js';
