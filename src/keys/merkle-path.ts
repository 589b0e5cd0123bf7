import { concatBytes } from '../base/bytes.ts';
import { bytes, decode, DecodeError, encode, fixed, type Codec, vec } from '../base/postcard/codec.ts';
import { blake2b } from '../crypto/blake2b.ts';
import { Freeable } from './freeable.ts';
import { requireBytes } from './input.ts';
import { KeysError } from './keys-error.ts';

const HASH_LENGTH = 32;

/** The number of nodes is one byte. */
const MAX_NODES = 255;

/** A node beside the way from a leaf to the root. */
interface PathNode {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Whether it is the left one of the two. */
  readonly isLeft: boolean;
}

const bitmapCodec = bytes(Math.ceil(MAX_NODES / 8));
const hashesCodec = vec(fixed(HASH_LENGTH), MAX_NODES);

/** Number of nodes (u8); if it is not 0: bitmap ‖ hashes, each after its varint length. Bit 0x80 >> (i & 7) of byte i >> 3: node i is left. */
const pathCodec: Codec<readonly PathNode[]> = {
  read(reader) {
    const start = reader.offset;
    const count = reader.u8();
    if (count === 0) return [];
    const bitmap = bitmapCodec.read(reader);
    const hashes = hashesCodec.read(reader);
    if (bitmap.length !== Math.ceil(count / 8) || hashes.length !== count) throw new DecodeError('invalid-value', start, `${count} nodes, but ${bitmap.length} bytes of bitmap and ${hashes.length} hashes`);
    if (bitmap.some((byte, at) => (byte & (0xff >> Math.min(8, count - 8 * at))) !== 0)) throw new DecodeError('invalid-value', start, 'bits of nodes that are not there');
    return hashes.map((hash, at) => ({ hash, isLeft: (bitmap[at >> 3]! & (0x80 >> (at & 7))) !== 0 }));
  },
  write(writer, nodes) {
    writer.u8(nodes.length);
    if (nodes.length === 0) return;
    const bitmap = new Uint8Array(Math.ceil(nodes.length / 8));
    for (const [at, { isLeft }] of nodes.entries()) if (isLeft) bitmap[at >> 3]! |= 0x80 >> (at & 7);
    bitmapCodec.write(writer, bitmap);
    hashesCodec.write(writer, nodes.map(({ hash }) => hash));
  },
  minSize: 1,
};

/** The nodes that lead from one leaf to the root of a Merkle tree, as in a multi-signature (Albatross proofs reference, 4.2). */
export class MerklePath extends Freeable {
  readonly #nodes: readonly PathNode[];

  private constructor(nodes: readonly PathNode[]) {
    super();
    this.#nodes = nodes;
  }

  /** The official class takes trailing bytes and ignores them. @throws {KeysError} `wrong-type`, `unknown-format`. */
  static deserialize(data: Uint8Array): MerklePath {
    if (!(data instanceof Uint8Array)) throw new KeysError('wrong-type', `Merkle path: expected bytes, got ${typeof data}`);
    try {
      return new MerklePath(decode(pathCodec, data));
    } catch (error) {
      if (error instanceof DecodeError) throw new KeysError('unknown-format', `Failed to deserialize MerklePath: ${error.message}`);
      throw error;
    }
  }

  /** The root (32 bytes) that a leaf leads to. `leaf`: 32 bytes, a public key, which is hashed first. @throws {KeysError} `wrong-type`, `wrong-length`. */
  computeRoot(leaf: Uint8Array): Uint8Array {
    const start = blake2b(requireBytes(leaf, HASH_LENGTH, 'leaf'));
    return this.#nodes.reduce((hash, node) => blake2b(node.isLeft ? concatBytes(node.hash, hash) : concatBytes(hash, node.hash)), start);
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
    return encode(pathCodec, this.#nodes);
  }
}
