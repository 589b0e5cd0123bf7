// Tests: `src/network/http/http-gets.test.ts`.
import { RequestError } from '../../engine/peers/peer-net.ts';

/** Bytes of the buffer at the beginning; it doubles up to the limit. A typical JSON answer fits. */
const FIRST_BUFFER = 16 * 1024;

export interface BodyOptions {
  /** Bytes at most; a longer body is `too-large`. */
  readonly limit: number;
  /** Whether the bytes so far are enough; the rest is not read then. Called after every piece that comes. */
  readonly cut?: ((bytes: Uint8Array) => boolean) | undefined;
  readonly signal: AbortSignal;
  /** Told of the bytes of every piece. */
  readonly onBytes: (count: number) => void;
}

/**
 * Reads the body of an answer up to a bound, and cancels what is left. Rejects with `RequestError` (`too-large`), or with what the stream throws. The caller races it
 * against the signal, which only ends the stream here.
 */
export async function readBody(response: Pick<Response, 'headers' | 'body'>, { limit, cut, signal, onBytes }: BodyOptions): Promise<Uint8Array> {
  const { headers, body } = response;
  const stated = Number(headers.get('content-length') ?? 0);
  // A body that is cut may be long.
  if (stated > limit && !cut) {
    await dropBody(response);
    throw tooLarge(limit);
  }
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  const end = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', end, { once: true });
  let buffer = new Uint8Array(Math.min(FIRST_BUFFER, limit));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return buffer.slice(0, length);
      onBytes(value.length);
      if (length + value.length > limit) throw tooLarge(limit);
      if (length + value.length > buffer.length) {
        const larger = new Uint8Array(Math.min(limit, Math.max(2 * buffer.length, length + value.length)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(value, length);
      length += value.length;
      if (cut?.(buffer.subarray(0, length))) return buffer.slice(0, length);
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** Ends a body that nobody reads. */
export async function dropBody({ body }: Pick<Response, 'body'>): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

function tooLarge(limit: number): RequestError {
  return new RequestError('too-large', `more than ${limit} bytes`, { limit });
}
