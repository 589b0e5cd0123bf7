import type { Connection, Stream } from '@libp2p/interface';
import { StreamReader } from './stream-reader.ts';

/** libp2p's ping: 32 random bytes come back as they are. */
const PROTOCOL = '/ipfs/ping/1.0.0';
const LENGTH = 32;

/**
 * Resolves when the other side of the connection has shown that it is there; one that does not speak ping shows it by saying so, if that is not
 * `required`. Rejects with what broke, or with the signal's reason.
 */
export async function ping(connection: Connection, signal: AbortSignal, required = false): Promise<void> {
  let stream: Stream | undefined;
  try {
    stream = await connection.newStream(PROTOCOL, { signal });
    const reader = new StreamReader(stream, LENGTH);
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    stream.send(bytes);
    const back = await reader.read(LENGTH, signal);
    if (!back.every((byte, index) => byte === bytes[index])) throw new Error('other bytes came back');
    await stream.close({ signal });
  } catch (error) {
    stream?.abort(error as Error);
    if (required || (error as Error).name !== 'UnsupportedProtocolError') throw error;
  }
}
