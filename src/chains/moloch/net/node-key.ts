import { toHex } from '../../../base/bytes.ts';
import { ed25519PublicKey, signEd25519 } from '../../../crypto/ed25519.ts';

/** The Ed25519 key of a client: it shows a peer that two connections are of the same client, and nothing else. A client makes a new one at every start. */
export interface NodeKey {
  /** The public key: 64 lower-case hex digits. */
  readonly key: string;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** @param seed 32 random bytes. */
export function makeNodeKey(seed: Uint8Array): NodeKey {
  return { key: toHex(ed25519PublicKey(seed)), sign: (message) => signEd25519(seed, message) };
}
