import type { Connection, Stream } from '@libp2p/interface';
import type { RawPeer } from './raw-peer-fixture.ts';
import { framed, framedLength, LENGTH_SIZE, REQRES_PROTOCOL } from '../../src/chains/albatross/net/reqres-frame.ts';
import { StreamReader } from '../../src/network/stream-reader.ts';

/** Bytes; above the largest answer that a test waits for. */
const MAX_ANSWER = 1_000_000;

async function readFramed(stream: Stream): Promise<Uint8Array> {
  const reader = new StreamReader(stream, MAX_ANSWER);
  return reader.read(framedLength(await reader.read(LENGTH_SIZE)));
}

/**
 * Sends a request without regard to rate limits. `payload` is the request without its length prefix, and so is the returned answer.
 * Rejects when the stream ends without an answer.
 */
export async function rawRequest(connection: Connection, payload: Uint8Array): Promise<Uint8Array> {
  const stream = await connection.newStream(REQRES_PROTOCOL);
  try {
    stream.send(framed(payload));
    await stream.close();
    return await readFramed(stream);
  } finally {
    stream.abort(new Error('the request is over'));
  }
}

/** Answers all requests of other nodes with `answer`. */
export async function serveRaw(raw: RawPeer, answer: (payload: Uint8Array) => Uint8Array): Promise<void> {
  await raw.libp2p.handle(REQRES_PROTOCOL, (stream) => {
    void readFramed(stream).then(async (payload) => {
      stream.send(framed(answer(payload)));
      await stream.close();
    }).catch(() => stream.abort(new Error('no request')));
  });
}

