import type { ArchivedBlock } from '../chain/election-archive.ts';
import { bytes, type Codec, decode, encode, hash32, struct, u32be } from '../../../base/postcard/codec.ts';
import { zkProof } from '../wire/requests.ts';
import type { ArchivedProof } from './store.ts';

/** Maximum size of a block in bytes. With 512 validators, each with its own keys, it has some 190 000. */
const MAX_BLOCK = 1_000_000;

const archived = struct<ArchivedBlock>({ height: u32be, parent: hash32, bytes: bytes(MAX_BLOCK) });
const archivedProof = struct<ArchivedProof>({ block: hash32, message: zkProof });

/** Height (4, big-endian), hash of the election block before (32), postcard of the block without body (its length first). */
export const archivedRow = rowOf(archived);

/** Hash of the election block (32), then postcard of the proof as the network sends it. */
export const archivedProofRow = rowOf(archivedProof);

function rowOf<T>(codec: Codec<T>) {
  return {
    encode: (value: T): Uint8Array => encode(codec, value),
    /** Undefined: the payload is not such a row. */
    decode(payload: Uint8Array): T | undefined {
      try {
        return decode(codec, payload);
      } catch {
        return undefined;
      }
    },
  };
}
