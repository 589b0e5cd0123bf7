import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keyHashOf } from '../../src/chains/stacks/chain/signer-set.ts';
import { ADDRESS_VERSION, principalText } from '../../src/chains/stacks/wire/principal.ts';
import { toHex } from '../../src/base/bytes.ts';
import { seededRandom } from '../seeded-random.ts';

/** A secp256k1 key of the local network. */
export interface DevKey {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** The compressed public key: 66 hex digits. */
  readonly key: string;
  /** Hash160 of the compressed key: 40 hex digits. */
  readonly keyHash: string;
  /** The address of the key on test networks. */
  readonly address: string;
  /** A signature of a hash of 32 bytes: recovery id, r, s; 65 bytes, deterministic (RFC 6979). */
  sign(hash: Uint8Array): Uint8Array;
}

/** The key of 32 secret bytes. */
export function devKey(secret: Uint8Array): DevKey {
  const publicKey = secp256k1.getPublicKey(secret, true);
  const keyHash = keyHashOf(publicKey);
  return {
    secret,
    key: toHex(publicKey),
    keyHash,
    address: principalText({ version: ADDRESS_VERSION.testSingle, hash: keyHash }),
    sign: (hash) => secp256k1.sign(hash, secret, { prehash: false, format: 'recovered' }),
  };
}

/** The key number `index` of a role. The same seed of the network gives the same keys. */
export function keyOf(seed: string, role: 'miner' | 'signer' | 'stranger' | 'user' | 'node', index: number): DevKey {
  return devKey(seededRandom(seed, `stacks ${role} ${index}`).bytes(32));
}
