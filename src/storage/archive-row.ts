import type { ArchivedBlock } from '../albatross/chain/election-archive.ts';
import { concatBytes, fromHex, toHex } from '../albatross/wire/bytes.ts';
import { decode, encode } from '../albatross/wire/postcard/codec.ts';
import { zkProof } from '../albatross/wire/requests.ts';
import type { ArchivedProof } from './store.ts';

const HASH_LENGTH = 32;
const HEAD_LENGTH = 4 + HASH_LENGTH;

/** Height (4, big-endian), hash of the election block before (32), then postcard of the block without body. */
export function encodeArchived({ height, parent, bytes }: ArchivedBlock): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, height);
  return concatBytes(head, fromHex(parent), bytes);
}

export function decodeArchived(payload: Uint8Array): ArchivedBlock | undefined {
  if (payload.length <= HEAD_LENGTH) return undefined;
  const height = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  return { height, parent: toHex(payload.subarray(4, HEAD_LENGTH)), bytes: payload.slice(HEAD_LENGTH) };
}

/** Hash of the election block (32), then postcard of the proof as the network has it. */
export function encodeArchivedProof({ message, block }: ArchivedProof): Uint8Array {
  return concatBytes(fromHex(block), encode(zkProof, message));
}

export function decodeArchivedProof(payload: Uint8Array): ArchivedProof | undefined {
  try {
    return { block: toHex(payload.subarray(0, HASH_LENGTH)), message: decode(zkProof, payload.slice(HASH_LENGTH)) };
  } catch {
    return undefined;
  }
}
