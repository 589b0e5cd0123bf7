/**
 * Frames between peers over TCP: preamble of 165 bytes, relayers, type, payload (Stacks reference, 6).
 * @module
 */
import { sha512_256 } from '../../../crypto/sha512-256.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { SIGNATURE_LENGTH } from './header.ts';
import { readMessage, writeMessage, type PeerMessage } from './peer-message.ts';
import { StacksWireError } from './wire-error.ts';

/** Bytes before the relayers. */
export const PREAMBLE_LENGTH = 165;
/** Offset of the signature in the preamble. */
export const SIGNATURE_AT = 96;
/** Relayers that a frame names at most; far above what an honest relay needs, as light clients relay nothing. */
export const MAX_RELAYERS = 16;
/** Bytes after the preamble at least (count of relayers and type), and at most: our own bound, eight full blocks. */
const MIN_PAYLOAD = 5;
const MAX_PAYLOAD = 17 * 1024 * 1024;

export interface Preamble {
  readonly peerVersion: number;
  readonly networkId: number;
  /** A reply repeats that of its request. */
  readonly sequence: number;
  readonly burnHeight: number;
  /** 64 hex digits. */
  readonly burnHash: string;
  /** The height and hash that lie the network's confirmations below. */
  readonly stableHeight: number;
  readonly stableHash: string;
  readonly additional: number;
  /** 65 bytes: recovery id, r, s, by the sender's key. */
  readonly signature: Uint8Array;
  /** Bytes after the preamble. */
  readonly payloadLength: number;
}

export interface Relayer {
  /** 32 hex digits. */
  readonly address: string;
  readonly port: number;
  /** 40 hex digits. */
  readonly keyHash: string;
  readonly sequence: number;
}

export interface Frame {
  readonly preamble: Preamble;
  readonly relayers: readonly Relayer[];
  readonly message: PeerMessage;
}

/** The first 165 bytes of a frame, from which a stream learns how much follows. Throws `length` for a payload outside 5 bytes to 17 MiB. */
export function readPreamble(reader: ByteReader): Preamble {
  const preamble: Preamble = {
    peerVersion: reader.u32('peer version'),
    networkId: reader.u32('network id'),
    sequence: reader.u32('sequence'),
    burnHeight: reader.u64('burn height'),
    burnHash: reader.hex(32, 'burn hash'),
    stableHeight: reader.u64('stable height'),
    stableHash: reader.hex(32, 'stable hash'),
    additional: reader.u32('additional data'),
    signature: reader.bytes(SIGNATURE_LENGTH, 'signature'),
    payloadLength: reader.u32('payload length'),
  };
  const { payloadLength } = preamble;
  if (payloadLength < MIN_PAYLOAD || payloadLength > MAX_PAYLOAD) throw new StacksWireError('length', `payload of ${payloadLength} bytes`);
  return preamble;
}

/** Of exactly one frame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const reader = new ByteReader(bytes);
  const preamble = readPreamble(reader);
  if (reader.remaining !== preamble.payloadLength) throw new StacksWireError(reader.remaining < preamble.payloadLength ? 'truncated' : 'trailing', `payload of ${preamble.payloadLength} bytes, ${reader.remaining} left`);
  const count = reader.count('relayer count', MAX_RELAYERS, 42);
  const relayers = Array.from({ length: count }, () => ({ address: reader.hex(16, 'address'), port: reader.u16('port'), keyHash: reader.hex(20, 'key hash'), sequence: reader.u32('sequence') }));
  const message = readMessage(reader);
  reader.end('the message');
  return { preamble, relayers, message };
}

/** The payload length is taken from relayers and message, not from the preamble. */
export function encodeFrame({ preamble, relayers, message }: { readonly preamble: Omit<Preamble, 'payloadLength'>; readonly relayers: readonly Relayer[]; readonly message: PeerMessage }): Uint8Array {
  if (relayers.length > MAX_RELAYERS) throw new StacksWireError('length', `${relayers.length} relayers`);
  const body = new ByteWriter().u32(relayers.length);
  for (const { address, port, keyHash, sequence } of relayers) body.hex(address, 16).u16(port).hex(keyHash, 20).u32(sequence);
  writeMessage(body, message);
  const payload = body.done();
  const writer = new ByteWriter(PREAMBLE_LENGTH + payload.length).u32(preamble.peerVersion).u32(preamble.networkId).u32(preamble.sequence);
  writer.u64(preamble.burnHeight).hex(preamble.burnHash, 32).u64(preamble.stableHeight).hex(preamble.stableHash, 32).u32(preamble.additional);
  return writer.bytes(preamble.signature, SIGNATURE_LENGTH).u32(payload.length).bytes(payload).done();
}

/** What the sender signs, 32 bytes: SHA-512/256 of the frame with zeros for the signature. Throws `truncated` if `frame` is no frame. */
export function frameHash(frame: Uint8Array): Uint8Array {
  if (frame.length < PREAMBLE_LENGTH) throw new StacksWireError('truncated', `frame of ${frame.length} bytes`);
  const blank = new Uint8Array(frame);
  blank.fill(0, SIGNATURE_AT, SIGNATURE_AT + SIGNATURE_LENGTH);
  return sha512_256(blank);
}
