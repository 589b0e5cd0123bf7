import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { seededRandom } from '../seeded-random.ts';

/** An Ed25519 key of the local network. */
export interface DevKey {
  /** The public key: 64 lower-case hex digits. */
  readonly key: string;
  /** 64 bytes, deterministic (RFC 8032). */
  sign(message: Uint8Array): Uint8Array;
}

/** What comes before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key with this private key of 32 bytes. Node's own Ed25519 signs many times as fast as ours, and a history has many signatures. */
export function devKey(seed: Uint8Array): DevKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { key: Buffer.from(x!, 'base64url').toString('hex'), sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

/** The key number `index` of a role. The same seed of the network gives the same keys. */
export function keyOf(seed: string, role: 'validator' | 'node' | 'user', index: number): DevKey {
  return devKey(seededRandom(seed, `moloch ${role} ${index}`).bytes(32));
}
