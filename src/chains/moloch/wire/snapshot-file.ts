/**
 * The snapshot file (Moloch reference, 2.10): the magic "MSNAP001", the header's length as u32, the header, and three bodies, each with its length as u64. All are
 * little-endian. The hash in the header covers the bodies together and not their lengths, so every body must be parsed wholly.
 * @module
 */
import { concatBytes, equalBytes } from '../../../base/bytes.ts';
import { bool, decode, encode, hash, i64, struct, text, u32, u64, type Codec } from './codec.ts';
import { MolochCodecError } from './codec-error.ts';

export interface SnapshotFileHeader {
  /** Always 1. */
  readonly version: number;
  readonly chainId: string;
  readonly height: number;
  readonly blockHash: string;
  readonly mmrRoot: string;
  readonly events: number;
  readonly blocks: number;
  /** Whether the third body holds an index. */
  readonly index: boolean;
  /** Bytes of the bodies together. */
  readonly size: number;
  /** BLAKE3 of the bodies one after the other. */
  readonly dataHash: string;
  readonly created: number;
}

export type SnapshotBodies = readonly [Uint8Array, Uint8Array, Uint8Array];

export interface SnapshotFile {
  readonly header: SnapshotFileHeader;
  /** Views of the file: blocks, MMR, index. */
  readonly bodies: SnapshotBodies;
}

const MAGIC = new TextEncoder().encode('MSNAP001');
const VERSION = 1;

const fileHeader: Codec<SnapshotFileHeader> = struct<SnapshotFileHeader>({
  version: u32, chainId: text, height: u64, blockHash: hash, mmrRoot: hash, events: u64, blocks: u64, index: bool, size: u64, dataHash: hash, created: i64,
});

export function encodeSnapshotFile({ header, bodies }: SnapshotFile): Uint8Array {
  const head = encode(fileHeader, header);
  return concatBytes(MAGIC, encode(u32, head.length), head, ...bodies.flatMap((body) => [encode(u64, body.length), body]));
}

/** Checks everything but the hash of the bodies. Throws `MolochCodecError`. */
export function decodeSnapshotFile(file: Uint8Array): SnapshotFile {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > file.length - at) throw new MolochCodecError('unexpected-end', at, `${length} bytes, ${file.length - at} left`);
    at += length;
    return file.subarray(at - length, at);
  };
  if (!equalBytes(take(MAGIC.length), MAGIC)) throw new MolochCodecError('bad-magic', 0, 'not MSNAP001');
  const header = decode(fileHeader, take(decode(u32, take(4))));
  if (header.version !== VERSION) throw new MolochCodecError('bad-version', MAGIC.length + 4, `version ${header.version}, known is ${VERSION}`);
  const body = () => take(decode(u64, take(8)));
  const bodies: SnapshotBodies = [body(), body(), body()];
  if (at < file.length) throw new MolochCodecError('trailing-bytes', at, `${file.length - at} bytes left over`);
  const size = bodies.reduce((sum, { length }) => sum + length, 0);
  if (size !== header.size) throw new MolochCodecError('bad-length', at, `bodies of ${size} bytes, the header says ${header.size}`);
  return { header, bodies };
}
