import type { Connection } from '@libp2p/interface';

/** Types and flags of yamux frames (hashicorp/yamux, spec.md). */
export const FRAME = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const;
export const FLAG = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

export interface RawFrame {
  readonly type: number;
  readonly flag?: number;
  readonly stream?: number;
  /** What the header says; with `body` its length, if it is not to lie. */
  readonly length?: number;
  readonly body?: Uint8Array;
  readonly version?: number;
}

/** The bytes of a frame, right or wrong. */
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

/** What of libp2p 3.3.11's connection is used here and is not in its types: the encrypted way below the streams. */
interface WithTransport {
  readonly muxer: { readonly maConn: { send(bytes: Uint8Array): boolean } };
}

/** Sends past the muxer what it would never send. False: the connection is full, or gone. */
export function sendRaw(connection: Connection, bytes: Uint8Array): boolean {
  try {
    return connection.status === 'open' && (connection as unknown as WithTransport).muxer.maConn.send(bytes);
  } catch {
    return false;
  }
}

/** Many frames in one piece. */
export function joined(frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(frames));
}

/** A line of multistream-select. */
function line(text: string): Uint8Array {
  const bytes = Buffer.from(`${text}\n`);
  return Uint8Array.of(bytes.length, ...bytes);
}

/** The same question again and again. */
export function protocolLines(protocol: string, times: number): Uint8Array {
  return joined(Array.from({ length: times }, () => line(protocol)));
}

/** Opens a stream, asks for a protocol, if any, and says something on it at once, as one may. */
export function openingBytes(stream: number, protocol?: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const said = protocol === undefined ? body : joined([line('/multistream/1.0.0'), line(protocol), body]);
  return joined([encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.syn, stream }), ...(said.length > 0 ? [encodeFrame({ type: FRAME.data, stream, body: said })] : [])]);
}
