import { compareBytes } from '../base/bytes.ts';
import { merkleRoot } from '../chains/albatross/transactions/merkle-path.ts';
import { Freeable } from './freeable.ts';

/** The tree under the address of an account with several keys. */
export class MerkleTree extends Freeable {
  private constructor() {
    super();
  }

  /** The root (32 bytes) over the values, which are sorted by their bytes first. Of no value, the hash of nothing. */
  static computeRoot(values: Uint8Array[]): Uint8Array {
    return merkleRoot(values.toSorted(compareBytes));
  }
}
