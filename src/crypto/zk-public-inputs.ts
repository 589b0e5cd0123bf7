/**
 * The public inputs of a zero-knowledge proof of the chain, as numbers: the genesis block's hash, the last election block's hash (both the
 * BLAKE2s of the header) and the commitment to the circuits' verifying keys (Albatross cryptography reference, 7.2).
 * @module
 */
import { fromLittleEndian } from './little-endian.ts';

export interface ZkStatement {
  /** 32 bytes. */
  readonly genesisHash: Uint8Array;
  /** 32 bytes. */
  readonly finalHash: Uint8Array;
  /** 190 bytes. */
  readonly keysCommitment: Uint8Array;
}

const HASH_LENGTH = 32;
export const KEYS_COMMITMENT_LENGTH = 190;

/** As many whole bytes as always stay below the order of the group: 752 of 753 bits. */
const CHUNK = 94;

/**
 * The five public inputs: genesis hash, final hash, and the commitment in three parts, each at most 752 bits. Undefined if a length is
 * wrong. Each value is split separately; they are not concatenated.
 */
export function publicInputs({ genesisHash, finalHash, keysCommitment }: ZkStatement): readonly bigint[] | undefined {
  if (genesisHash.length !== HASH_LENGTH || finalHash.length !== HASH_LENGTH || keysCommitment.length !== KEYS_COMMITMENT_LENGTH) return undefined;
  return [genesisHash, finalHash, keysCommitment].flatMap((bytes) => Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) => fromLittleEndian(bytes.subarray(i * CHUNK, (i + 1) * CHUNK))));
}
