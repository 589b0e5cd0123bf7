import type { Stream } from '@libp2p/interface';
import { PING_LENGTH } from './ping.ts';
import { StreamReader } from './stream-reader.ts';

/** Ping streams of a connection, in each direction. One is needed; another while it is being replaced. */
export const MAX_PING_STREAMS = 4;
/** Bytes of pings that may come before the previous ping was answered. */
const MAX_WAITING = 4 * PING_LENGTH;

/**
 * Answers the pings on one stream, one after the other, until the other side ends it. libp2p's own responder keeps pings without a limit
 * while the other side does not read the answers. Never rejects.
 */
export async function answerPings(stream: Stream): Promise<void> {
  try {
    const reader = new StreamReader(stream, MAX_WAITING);
    while (!reader.finished) {
      if (stream.send(await reader.read(PING_LENGTH))) continue;
      throw new Error('the other side does not read its pings');
    }
    await stream.close();
  } catch (error) {
    if (stream.remoteWriteStatus === 'closed' && stream.status === 'open') await stream.close().catch(() => undefined);
    else stream.abort(error as Error);
  }
}
