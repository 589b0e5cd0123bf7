/**
 * A block on the line: header and payload (HotStuff-2 reference, 3).
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { encodeHeader, HEADER_LENGTH, readHeader } from './header.ts';
import type { Header } from './header.ts';
import { WireError } from './wire-error.ts';

export interface Block {
  readonly header: Header;
  /** 223 bytes, whose SHA-256 is the block's hash. */
  readonly headerBytes: Uint8Array;
  /** Undefined if only the header was asked for. */
  readonly payload: Uint8Array | undefined;
}

/** header | payload. Throws `mismatch` unless the header states the payload's length. */
export function encodeBlock(header: Header, payload: Uint8Array): Uint8Array {
  if (payload.length !== header.payloadLength) throw new WireError('mismatch', `payload of ${payload.length} bytes, header says ${header.payloadLength}`);
  return concatBytes(encodeHeader(header), payload);
}

/** A block with its payload, which must have the length that the header states. Neither hash nor root is checked. */
export function decodeBlock(bytes: Uint8Array): Block {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  if (reader.remaining !== header.payloadLength) throw new WireError('mismatch', `payload of ${reader.remaining} bytes, header says ${header.payloadLength}`);
  return { header, headerBytes: bytes.slice(0, HEADER_LENGTH), payload: reader.rest() };
}

/** A header of exactly 223 bytes, as a block without payload. */
export function decodeHeaderOnly(bytes: Uint8Array): Block {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  reader.end('the header');
  return { header, headerBytes: bytes.slice(), payload: undefined };
}
