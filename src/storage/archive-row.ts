import type { ArchivedBlock } from '../albatross/chain/election-archive.ts';
import { bytes, type Codec, decode, encode, hash32, struct, u32be } from '../albatross/wire/postcard/codec.ts';
import { zkProof } from '../albatross/wire/requests.ts';
import type { ArchivedProof } from './store.ts';

/** Bytes of a block. With 512 validators, each with keys of its own, it has some 190 000. */
const MAX_BLOCK = 1_000_000;

const archived = struct<ArchivedBlock>({ height: u32be, parent: hash32, bytes: bytes(MAX_BLOCK) });
const archivedProof = struct<ArchivedProof>({ block: hash32, message: zkProof });

/** Height (4, big-endian), hash of the election block before (32), postcard of the block without body (its length first). */
export const archivedRow = rowOf(archived);

/** Hash of the election block (32), then postcard of the proof as the network has it. */
export const archivedProofRow = rowOf(archivedProof);

function rowOf<T>(codec: Codec<T>) {
  return {
    encode: (value: T): Uint8Array => encode(codec, value),
    /** Undefined: it is none. */
    decode(payload: Uint8Array): T | undefined {
      try {
        return decode(codec, payload);
      } catch {
        return undefined;
      }
    },
  };
}
