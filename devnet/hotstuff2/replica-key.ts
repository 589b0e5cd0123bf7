/** The key with which a replica votes in one epoch. */
export interface ReplicaKey {
  /** 32 bytes: the seed of an Ed25519 key, or the secret scalar of a BLS key, big-endian. */
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}
