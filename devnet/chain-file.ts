import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../src/base/coded-error.ts';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { decode, encode } from '../src/base/postcard/codec.ts';
import { blockKind } from '../src/chains/albatross/chain/block-kind.ts';
import { fromHex, toHex } from '../src/base/bytes.ts';
import type { Hash } from '../src/base/hash.ts';
import type { DevBlock } from './dev-block.ts';

/** Version of the directory's form; raised when the form of `chain.bin` changes. */
export const FORMAT = 3;

/** The seed and network that a data directory belongs to. All secrets are derived from the seed. */
export interface DataIdentity {
  readonly format: typeof FORMAT;
  readonly seed: string;
  readonly genesisHash: Hash;
  readonly validators: number | undefined;
}

/** A data directory that cannot be used; the command line exits with code 2. */
export class DataError extends CodedError<'unreadable' | 'unusable' | 'other-seed' | 'other-network' | 'other-validators'> {
  override readonly name = 'DataError';
}

const IDENTITY = 'identity.json';
const CHAIN = 'chain.bin';
/** Bytes, far above the size of any block; a longer frame means a damaged file. */
const MAX_FRAME = 1 << 20;
const HASH_LENGTH = 32;

/** Reads the identity kept in `dir`; undefined for a new directory. Throws `DataError`. */
export function readIdentity(dir: string): DataIdentity | undefined {
  const path = join(dir, IDENTITY);
  if (!existsSync(path)) return undefined;
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as DataIdentity;
    if ((value.format as number) < FORMAT) throw new Error('an older devnet made it; choose another directory or delete this one');
    if (value.format !== FORMAT || typeof value.seed !== 'string' || typeof value.genesisHash !== 'string') throw new Error('unknown format');
    return value;
  } catch (error) {
    throw new DataError('unreadable', `${path} is not a devnet's identity: ${(error as Error).message}`);
  }
}

/** Writes the identity, and makes the directory if it does not exist. Throws `DataError`. */
export function writeIdentity(dir: string, identity: DataIdentity): void {
  using(dir, () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, IDENTITY), `${JSON.stringify(identity, undefined, 2)}\n`);
  });
}

/** Runs work that the file system may refuse. Throws `DataError`. */
function using<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new DataError('unusable', `${path} cannot be used: ${(error as Error).message}`);
  }
}

/**
 * The chain on disk: every block in the order in which it was added, as a u32be length (of hash and block), a 32-byte block hash
 * and postcard bytes. The hash is stored because computing it (a 146 kB tree per block) would take longer than the rest of reading
 * a long history.
 */
export interface ChainFile {
  /** The blocks in the file when it was opened. */
  readonly blocks: readonly DevBlock[];
  append(block: DevBlock): void;
  close(): void;
}

/** Opens or creates the chain file. Drops a last frame that a crash truncated. Throws `DataError`. */
export function openChainFile(dir: string): ChainFile {
  const path = join(dir, CHAIN);
  const bytes = using(path, () => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0)));
  const blocks: DevBlock[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(offset);
    if (length > MAX_FRAME) throw new DataError('unreadable', `${path} is damaged at byte ${offset}`);
    if (offset + 4 + length > bytes.length) break;
    try {
      const start = offset + 4 + HASH_LENGTH;
      // Throws for a frame shorter than a hash, and for a frame that is not a block.
      const block = decode(blockCodec, new Uint8Array(bytes.subarray(start, Math.max(start, offset + 4 + length))));
      blocks.push({ height: block.header.blockNumber, hash: toHex(bytes.subarray(offset + 4, start)), kind: blockKind(block), block });
    } catch (error) {
      throw new DataError('unreadable', `${path} is damaged at byte ${offset}: ${(error as Error).message}`);
    }
    offset += 4 + length;
  }
  const file = using(path, () => openSync(path, 'a'));
  if (offset < bytes.length) ftruncateSync(file, offset);
  let open = true;
  return {
    blocks,
    append: (added) => {
      const body = encode(blockCodec, added.block);
      const frame = Buffer.alloc(4 + HASH_LENGTH + body.length);
      frame.writeUInt32BE(HASH_LENGTH + body.length);
      frame.set(fromHex(added.hash), 4);
      frame.set(body, 4 + HASH_LENGTH);
      writeSync(file, frame);
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}
