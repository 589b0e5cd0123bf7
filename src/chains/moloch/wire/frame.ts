/**
 * Frames (Moloch reference, 2.9): the length of the body as u32, big-endian, and the body, which is one message in bincode.
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import { decode, encode, type DecodeOptions } from './codec.ts';
import { MolochCodecError } from './codec-error.ts';
import { extMessage, FIRST_EXT_KIND, type ExtMessage } from './ext-message.ts';
import { plainMessage, type PlainMessage } from './plain-message.ts';

export type MolochMessage = PlainMessage | ExtMessage;

/** Bytes of a body, at most: the crates refuse more (Moloch reference, 2.9). */
export const MAX_BODY = 16 * 1024 * 1024;
/** Bytes of the length before the body. */
const PREFIX = 4;

export interface FrameOptions extends DecodeOptions {
  /** Whether the kinds of `moloch-ext.1` are known. Without them they are `bad-index`. */
  readonly extended: boolean;
}

/** The bytes of a message without the length: what the signatures of the handshake cover. Throws `MolochCodecError`. */
export function encodeBody(message: MolochMessage): Uint8Array {
  return isExtended(message) ? encode(extMessage, message) : encode(plainMessage, message);
}

/** The frame of a message. Throws `MolochCodecError` if it is too large, or has no encoding. */
export function encodeFrame(message: MolochMessage): Uint8Array {
  const body = encodeBody(message);
  if (body.length > MAX_BODY) throw new MolochCodecError('too-large', 0, `${body.length} bytes, at most ${MAX_BODY}`);
  const prefix = new Uint8Array(PREFIX);
  new DataView(prefix.buffer).setUint32(0, body.length);
  return concatBytes(prefix, body);
}

/** The body of a whole frame: a view of its bytes. Throws `MolochCodecError`. */
export function bodyOf(frame: Uint8Array): Uint8Array {
  if (frame.length < PREFIX) throw new MolochCodecError('unexpected-end', 0, `a frame of ${frame.length} bytes`);
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  if (length > MAX_BODY) throw new MolochCodecError('too-large', 0, `a body of ${length} bytes, at most ${MAX_BODY}`);
  const rest = frame.length - PREFIX;
  if (length > rest) throw new MolochCodecError('unexpected-end', frame.length, `a body of ${length} bytes, ${rest} came`);
  if (length < rest) throw new MolochCodecError('trailing-bytes', PREFIX + length, `${rest - length} bytes after the frame`);
  return frame.subarray(PREFIX);
}

/** The message of exactly one frame. Throws `MolochCodecError`. */
export function decodeFrame(frame: Uint8Array, { extended, isKey }: FrameOptions): MolochMessage {
  const body = bodyOf(frame);
  const isExt = extended && body.length >= 4 && new DataView(body.buffer, body.byteOffset).getUint32(0, true) >= FIRST_EXT_KIND;
  return isExt ? decode(extMessage, body, { isKey }) : decode(plainMessage, body, { isKey });
}

const extKinds: ReadonlySet<string> = new Set<ExtMessage['kind']>([
  'ExtHello', 'ExtHelloAck', 'ExtAuth', 'GetTrustedHeaders', 'TrustedHeaders', 'GetProof', 'Proof', 'GetManifest', 'Manifest', 'GetChunk', 'Chunk', 'Finalized', 'ExtStatus',
]);

function isExtended(message: MolochMessage): message is ExtMessage {
  return extKinds.has(message.kind);
}
