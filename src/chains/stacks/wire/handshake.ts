/**
 * Who a peer is and where it serves (Stacks reference, 6).
 * @module
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { StacksWireError } from './wire-error.ts';

export interface HandshakeData {
  /** IPv6 or IPv4-mapped: 32 hex digits. */
  readonly address: string;
  readonly port: number;
  /** Bits of what the peer offers. */
  readonly services: number;
  /** The peer's key, 33 bytes: it signs its frames. */
  readonly publicKey: Uint8Array;
  /** Bitcoin height at which the key expires. */
  readonly expire: number;
  /** Where the peer answers HTTP; up to 255 printable ASCII characters, may be empty. */
  readonly dataUrl: string;
}

export interface HandshakeAcceptData extends HandshakeData {
  /** Seconds between two signs of life that the peer wants. */
  readonly heartbeat: number;
}

/** Throws `text` for a URL with bytes that are not printable ASCII. */
export function readHandshake(reader: ByteReader): HandshakeData {
  return {
    address: reader.hex(16, 'address'),
    port: reader.u16('port'),
    services: reader.u16('services'),
    publicKey: reader.bytes(33, 'public key'),
    expire: reader.u64('expiry'),
    dataUrl: readUrl(reader),
  };
}

export function writeHandshake(writer: ByteWriter, data: HandshakeData): void {
  writer.hex(data.address, 16).u16(data.port).u16(data.services).bytes(data.publicKey, 33).u64(data.expire);
  if (!/^[\x20-\x7e]{0,255}$/u.test(data.dataUrl)) throw new StacksWireError('text', 'a data URL has up to 255 printable ASCII characters');
  writer.u8(data.dataUrl.length).bytes(new TextEncoder().encode(data.dataUrl));
}

export function readHandshakeAccept(reader: ByteReader): HandshakeAcceptData {
  const data = readHandshake(reader);
  return { ...data, heartbeat: reader.u32('heartbeat') };
}

export function writeHandshakeAccept(writer: ByteWriter, data: HandshakeAcceptData): void {
  writeHandshake(writer, data);
  writer.u32(data.heartbeat);
}

function readUrl(reader: ByteReader): string {
  const bytes = reader.bytes(reader.u8('URL length'), 'URL');
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new StacksWireError('text', 'URL with other than printable ASCII');
  return String.fromCharCode(...bytes);
}
