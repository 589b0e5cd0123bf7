/**
 * What the two sides of a handshake sign (Moloch reference, 2.9 and 4.3).
 * @module
 */

import { concatBytes, fromHex } from '../../../base/bytes.ts';
import { hashBytes } from '../chain/hash.ts';

/** Bytes of the signature at the end of an `ExtHelloAck`. */
const SIGNATURE_LENGTH = 64;

const utf8 = new TextEncoder();
const tagged = (tag: string) => concatBytes(utf8.encode(tag), new Uint8Array(1));
const ACK = tagged('moloch-ext/1 ack');
const AUTH = tagged('moloch-ext/1 auth');

/** The 32 bytes that the server signs: a hash over both bodies (frames without their lengths), without the signature itself. */
export function ackTranscript(hello: Uint8Array, ack: Uint8Array): Uint8Array {
  return fromHex(hashBytes(ACK, hello, ack.subarray(0, -SIGNATURE_LENGTH)));
}

/** The 32 bytes that the client signs: a hash over both bodies. */
export function authTranscript(hello: Uint8Array, ack: Uint8Array): Uint8Array {
  return fromHex(hashBytes(AUTH, hello, ack));
}

/** What a plain `Hello` signs. It names neither peer nor head, and has no nonce: it can be replayed. */
export function plainHelloBytes(chainId: string, height: number | undefined, time: number): Uint8Array {
  return utf8.encode(`${chainId}:${height ?? 0}:${time}`);
}

/** What a plain `HelloAck` signs. */
export function plainAckBytes(chainId: string, height: number | undefined, time: number): Uint8Array {
  return utf8.encode(`ack:${chainId}:${height ?? 0}:${time}`);
}
