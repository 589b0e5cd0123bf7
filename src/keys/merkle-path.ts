import { decode, DecodeError, encode } from '../base/postcard/codec.ts';
import { merklePath, merklePathRoot, type MerklePath as Nodes } from '../chains/albatross/transactions/merkle-path.ts';
import { Freeable } from './freeable.ts';
import { requireBytes } from './input.ts';
import { KeysError } from './keys-error.ts';

/** Bytes. */
const LEAF_LENGTH = 32;

/** The nodes that lead from one leaf to the root of a Merkle tree, as in the proof of an account with several keys. */
export class MerklePath extends Freeable {
  readonly #nodes: Nodes;

  private constructor(nodes: Nodes) {
    super();
    this.#nodes = nodes;
  }

  /**
   * The official class takes trailing bytes and ignores them.
   * @throws {KeysError} `wrong-type`, `unknown-format`.
   */
  static deserialize(data: Uint8Array): MerklePath {
    if (!(data instanceof Uint8Array)) throw new KeysError('wrong-type', `Merkle path: expected bytes, got ${typeof data}`);
    try {
      return new MerklePath(decode(merklePath, new Uint8Array(data)));
    } catch (error) {
      if (error instanceof DecodeError) throw new KeysError('unknown-format', `Failed to deserialize MerklePath: ${error.message}`);
      throw error;
    }
  }

  /**
   * The root (32 bytes) that a leaf leads to. `leaf`: 32 bytes, a public key, which is hashed first.
   * @throws {KeysError} `wrong-type`, `wrong-length`.
   */
  computeRoot(leaf: Uint8Array): Uint8Array {
    return merklePathRoot(this.#nodes, requireBytes(leaf, LEAF_LENGTH, 'leaf'));
  }

  /** Copies of the nodes' hashes, 32 bytes each, from the leaf's neighbour on. */
  get hashes(): Uint8Array[] {
    return this.#nodes.map(({ hash }) => new Uint8Array(hash));
  }

  /** Number of nodes. */
  get length(): number {
    return this.#nodes.length;
  }

  serialize(): Uint8Array {
    return encode(merklePath, this.#nodes);
  }
}
