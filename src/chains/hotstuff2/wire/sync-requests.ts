// Tests: `src/chains/hotstuff2/wire/sync-messages.test.ts`.
import { DecodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import { decodeSyncFrame, encodeSyncFrame } from './sync-frame.ts';
import { MAX_BLOCKS_PER_REQUEST, MAX_FRAME_TO_SERVER } from './sync-limits.ts';

/** What a client asks (HotStuff-2 reference, 4). Hashes are 32 bytes, the nonce 32, the echo 8. Heights: 0 stands for the newest where the reference says so. */
export type SyncRequest =
  | { readonly type: 'hello'; readonly version: number; readonly chainId: Uint8Array; readonly nonce: Uint8Array }
  | { readonly type: 'get-status' }
  | { readonly type: 'get-blocks' | 'get-headers'; readonly from: number; readonly count: number }
  | { readonly type: 'get-finality' | 'get-snapshot'; readonly height: number }
  | { readonly type: 'get-chunk'; readonly height: number; readonly index: number }
  /** At least one of the two is true. */
  | { readonly type: 'subscribe'; readonly certified: boolean; readonly final: boolean }
  /** `subscription`: the request id of the frame Subscribe. */
  | { readonly type: 'unsubscribe'; readonly subscription: number }
  | { readonly type: 'get-validators'; readonly hash: Uint8Array }
  | { readonly type: 'get-state-proof'; readonly height: number; readonly key: Uint8Array }
  | { readonly type: 'ping'; readonly echo: Uint8Array };

export interface SyncRequestFrame {
  readonly id: number;
  readonly request: SyncRequest;
}

/** The type byte of each request. */
export const REQUEST_TYPES: Readonly<Record<SyncRequest['type'], number>> = {
  hello: 0x01,
  'get-status': 0x02,
  'get-blocks': 0x03,
  'get-headers': 0x04,
  'get-finality': 0x05,
  'get-snapshot': 0x06,
  'get-chunk': 0x07,
  subscribe: 0x08,
  unsubscribe: 0x09,
  'get-validators': 0x0a,
  'get-state-proof': 0x0b,
  ping: 0x0f,
};

const nameOfType = new Map(Object.entries(REQUEST_TYPES).map(([name, byte]) => [byte, name as SyncRequest['type']]));

const U32 = 0xffff_ffff;
const U64 = Number.MAX_SAFE_INTEGER;

function writeBody(w: Writer, request: SyncRequest): void {
  switch (request.type) {
    case 'hello':
      w.bigEndian(request.version, 2, 0xffff);
      w.fixed(request.chainId, 32);
      w.fixed(request.nonce, 32);
      break;
    case 'get-status':
      break;
    case 'get-blocks':
    case 'get-headers':
      w.bigEndian(request.from, 8, U64);
      w.bigEndian(request.count, 2, MAX_BLOCKS_PER_REQUEST);
      w.u8(0);
      break;
    case 'get-finality':
    case 'get-snapshot':
      w.bigEndian(request.height, 8, U64);
      break;
    case 'get-chunk':
      w.bigEndian(request.height, 8, U64);
      w.bigEndian(request.index, 4, U32);
      break;
    case 'subscribe':
      w.u8((request.certified ? 1 : 0) + (request.final ? 2 : 0));
      break;
    case 'unsubscribe':
      w.bigEndian(request.subscription, 4, U32);
      break;
    case 'get-validators':
      w.fixed(request.hash, 32);
      break;
    case 'get-state-proof':
      w.bigEndian(request.height, 8, U64);
      w.bigEndian(request.key.length, 2, 0xffff);
      w.raw(request.key);
      break;
    case 'ping':
      w.fixed(request.echo, 8);
      break;
  }
}

/** The frame of a request. Throws `EncodeError` for a value without an encoding, and for a frame above 4 KiB. */
export function encodeSyncRequest(id: number, request: SyncRequest): Uint8Array {
  return encodeSyncFrame(REQUEST_TYPES[request.type], id, MAX_FRAME_TO_SERVER, (w) => writeBody(w, request));
}

function readBody(r: Reader, type: SyncRequest['type']): SyncRequest {
  const start = r.offset;
  switch (type) {
    case 'hello':
      return { type, version: r.bigEndian(2), chainId: r.fixed(32), nonce: r.fixed(32) };
    case 'get-status':
      return { type };
    case 'get-blocks':
    case 'get-headers': {
      const request = { type, from: r.bigEndian(8), count: r.bigEndian(2) };
      if (request.count === 0) throw new DecodeError('invalid-value', start + 8, 'a count of 0');
      if (request.count > MAX_BLOCKS_PER_REQUEST) throw new DecodeError('length-over-limit', start + 8, `${request.count} blocks`);
      if (r.u8() !== 0) throw new DecodeError('invalid-value', start + 10, 'flags that are not 0');
      return request;
    }
    case 'get-finality':
    case 'get-snapshot':
      return { type, height: r.bigEndian(8) };
    case 'get-chunk':
      return { type, height: r.bigEndian(8), index: r.bigEndian(4) };
    case 'subscribe': {
      const kinds = r.u8();
      if (kinds === 0 || kinds > 3) throw new DecodeError('invalid-value', start, `kinds ${kinds}`);
      return { type, certified: (kinds & 1) !== 0, final: (kinds & 2) !== 0 };
    }
    case 'unsubscribe':
      return { type, subscription: r.bigEndian(4) };
    case 'get-validators':
      return { type, hash: r.fixed(32) };
    case 'get-state-proof': {
      const height = r.bigEndian(8);
      const key = r.fixed(r.bigEndian(2));
      if (key.length === 0) throw new DecodeError('invalid-value', start + 8, 'an empty key');
      return { type, height, key };
    }
    case 'ping':
      return { type, echo: r.fixed(8) };
  }
}

/** The type byte and the request id of a frame, for the answer to a frame that is not understood; undefined if it is too short. */
export function requestHeader(bytes: Uint8Array): { readonly known: boolean; readonly id: number } | undefined {
  if (bytes.length < 6) return undefined;
  return { known: nameOfType.has(bytes[0]!), id: new DataView(bytes.buffer, bytes.byteOffset).getUint32(2) };
}

/** Reads a client's frame. Throws only `DecodeError`: `unknown-variant` for an unknown type. */
export function decodeSyncRequest(bytes: Uint8Array): SyncRequestFrame {
  const { id, body } = decodeSyncFrame(bytes, MAX_FRAME_TO_SERVER, nameOfType, readBody);
  return { id, request: body };
}
