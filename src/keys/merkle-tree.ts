import { concatBytes } from '../base/bytes.ts';
import { blake2b } from '../crypto/blake2b.ts';
import { Freeable } from './freeable.ts';

/** The tree under a multi-signature address: its leaves are hashes of public keys (Albatross proofs reference, 4.2). */
export class MerkleTree extends Freeable {
  private constructor() {
    super();
  }

  /** The root (32 bytes) over values in their order. The left half has the odd one. The root of no value is the hash of nothing. */
  static computeRoot(values: Uint8Array[]): Uint8Array {
    if (values.length <= 1) return blake2b(values[0] ?? new Uint8Array());
    const middle = Math.ceil(values.length / 2);
    return blake2b(concatBytes(MerkleTree.computeRoot(values.slice(0, middle)), MerkleTree.computeRoot(values.slice(middle))));
  }
}
