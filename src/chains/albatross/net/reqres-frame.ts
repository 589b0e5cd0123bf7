import type { Stream } from '@libp2p/interface';
import { concatBytes } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';

export const REQRES_PROTOCOL = '/nimiq/reqres/0.0.1';
/** Bytes of the length in front of every request and response: u64, big-endian (Albatross network reference, 3.1). */
export const LENGTH_SIZE = 8;

/** The length, then the payload. */
export function framed(payload: Uint8Array): Uint8Array {
  const length = new Uint8Array(LENGTH_SIZE);
  new DataView(length.buffer).setBigUint64(0, BigInt(payload.length));
  return concatBytes(length, payload);
}

/** The length in the 8 bytes; Infinity if a number cannot hold it exactly, which exceeds every bound. */
export function framedLength(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_SIZE).getBigUint64(0);
  return length > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(length);
}

/** Milliseconds the other side has to end a finished stream. */
const END_TIMEOUT = 5000;

/** Waits for the other side to end a finished stream, and resets the stream if it does not. */
export function endGently(clock: Clock, stream: Stream): void {
  if (stream.status !== 'open' && stream.status !== 'closing') return;
  const cancel = clock.after(END_TIMEOUT, () => stream.abort(new Error('the other side does not end the stream')));
  stream.addEventListener('close', cancel, { once: true });
}
