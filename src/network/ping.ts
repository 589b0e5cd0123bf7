import type { Connection, Stream } from '@libp2p/interface';
import { StreamReader } from './stream-reader.ts';

/** libp2p's ping: 32 random bytes are echoed. */
export const PING_PROTOCOL = '/ipfs/ping/1.0.0';
export const PING_LENGTH = 32;

/**
 * Resolves when the other side of the connection has answered. An answer that it does not speak ping counts too, unless `required` is set.
 * Rejects with the failure, or with the signal's reason.
 */
export async function ping(connection: Connection, signal: AbortSignal, required = false): Promise<void> {
  let stream: Stream | undefined;
  try {
    stream = await connection.newStream(PING_PROTOCOL, { signal });
    const reader = new StreamReader(stream, PING_LENGTH);
    const bytes = crypto.getRandomValues(new Uint8Array(PING_LENGTH));
    stream.send(bytes);
    const back = await reader.read(PING_LENGTH, signal);
    if (!back.every((byte, index) => byte === bytes[index])) throw new Error('other bytes came back');
    await stream.close({ signal });
  } catch (error) {
    stream?.abort(error as Error);
    if (required || (error as Error).name !== 'UnsupportedProtocolError') throw error;
  }
}
