/**
 * What the signatures of the handshakes cover (Moloch reference, 2.9 and 4.3). A body is a frame without its length (`encodeBody`, `bodyOf`).
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import { hashBytes } from '../chain/hash.ts';

const text = new TextEncoder();
const ACK_TAG = text.encode('moloch-ext/1 ack\0');
const AUTH_TAG = text.encode('moloch-ext/1 auth\0');
/** Bytes of the signature at the end of an `ExtHelloAck`. */
const SIGNATURE = 64;

/** The 32 bytes that the server signs: the client's hello and its own ack without the signature. */
export function ackTranscript(helloBody: Uint8Array, ackBody: Uint8Array): Uint8Array {
  return fromHex(hashBytes(ACK_TAG, helloBody, ackBody.subarray(0, -SIGNATURE)));
}

/** The 32 bytes that the client signs: its hello and the whole ack. */
export function authTranscript(helloBody: Uint8Array, ackBody: Uint8Array): Uint8Array {
  return fromHex(hashBytes(AUTH_TAG, helloBody, ackBody));
}

/** What the signature of a plain `Hello` covers; a missing height counts as 0. It binds neither the head's hash nor the peer. */
export function plainHelloText(hello: { readonly chainId: string; readonly height: number | undefined; readonly time: number }): Uint8Array {
  return text.encode(`${hello.chainId}:${hello.height ?? 0}:${hello.time}`);
}

/** As `plainHelloText`, of a `HelloAck`. */
export function plainAckText(ack: { readonly chainId: string; readonly height: number | undefined; readonly time: number }): Uint8Array {
  return text.encode(`ack:${ack.chainId}:${ack.height ?? 0}:${ack.time}`);
}
