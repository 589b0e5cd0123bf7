import type { Connection } from '@libp2p/interface';

/** Types and flags of yamux frames (hashicorp/yamux, spec.md). */
export const FRAME = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const;
export const FLAG = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

export interface RawFrame {
  readonly type: number;
  readonly flag?: number;
  readonly stream?: number;
  /** The length in the header; by default the true length of `body`. */
  readonly length?: number;
  readonly body?: Uint8Array;
  readonly version?: number;
}

/** The bytes of a frame, valid or not. */
export function encodeFrame({ type, flag = 0, stream = 0, body = new Uint8Array(), length = body.length, version = 0 }: RawFrame): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint8(1, type);
  view.setUint16(2, flag);
  view.setUint32(4, stream);
  view.setUint32(8, length);
  bytes.set(body, 12);
  return bytes;
}

/** A part of libp2p 3.3.11's connection that its types do not declare: the encrypted transport below the streams. */
interface WithTransport {
  readonly muxer: { readonly maConn: { send(bytes: Uint8Array): boolean } };
}

/** Sends bytes that the muxer would never send, directly on the transport. Returns false if the connection is full or closed. */
export function sendRaw(connection: Connection, bytes: Uint8Array): boolean {
  try {
    return connection.status === 'open' && (connection as unknown as WithTransport).muxer.maConn.send(bytes);
  } catch {
    return false;
  }
}

/** Joins many frames into one array. */
export function joined(frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(frames));
}

/** A line of multistream-select. */
function line(text: string): Uint8Array {
  const bytes = Buffer.from(`${text}\n`);
  return Uint8Array.of(bytes.length, ...bytes);
}

/** The same protocol request, many times. */
export function protocolLines(protocol: string, times: number): Uint8Array {
  return joined(Array.from({ length: times }, () => line(protocol)));
}

/** Opens a stream, optionally asks for a protocol, and sends data at once without waiting, as the protocol allows. */
export function openingBytes(stream: number, protocol?: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const said = protocol === undefined ? body : joined([line('/multistream/1.0.0'), line(protocol), body]);
  return joined([encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.syn, stream }), ...(said.length > 0 ? [encodeFrame({ type: FRAME.data, stream, body: said })] : [])]);
}
