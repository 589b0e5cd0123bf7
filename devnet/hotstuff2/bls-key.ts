import { bls12_381 } from '@noble/curves/bls12-381.js';
import { toHex } from '../../src/base/bytes.ts';
import { BLS12381_TAG } from '../../src/crypto/bls12-381.ts';
import type { ReplicaKey } from './replica-key.ts';

const { shortSignatures, G1, fields } = bls12_381;

/** The BLS12-381 key with this secret scalar (32 bytes, big-endian, taken modulo the group's order): public key in G2, signatures in G1, compressed. */
export function blsKey(secret: Uint8Array): ReplicaKey {
  const scalar = fields.Fr.create(BigInt(`0x${toHex(secret)}`));
  const seed = fields.Fr.toBytes(scalar);
  const publicKey = new Uint8Array(shortSignatures.getPublicKey(seed).toBytes());
  return { seed, publicKey, sign: (message) => new Uint8Array(shortSignatures.sign(shortSignatures.hash(new Uint8Array(message), BLS12381_TAG), seed).toBytes()) };
}

/** The sum of signatures that were verified: 48 bytes each, and so is the sum. */
export function sumOfSignatures(signatures: readonly Uint8Array[]): Uint8Array {
  const sum = signatures.map((bytes) => G1.Point.fromBytes(new Uint8Array(bytes))).reduce((a, b) => a.add(b));
  return new Uint8Array(sum.toBytes());
}
