import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';

/** `ended`: the other side closed before all bytes came. `reset`: the stream or its connection broke. `too-large`: more bytes than allowed. */
export type StreamErrorCode = 'ended' | 'reset' | 'too-large';

/** The other side of a stream did not send what was read for. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  constructor(code: StreamErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads exact numbers of bytes from a libp2p stream, one read at a time, with a bound on what is kept.
 *
 * libp2p's own async iterator waits for ever on a stream whose other side closed before iteration began (the event it waits for
 * has passed), which a peer can cause at will; this reader looks at the state too.
 */
export class StreamReader {
  readonly #stream: Stream;
  readonly #maxBuffered: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #failure: StreamError | undefined;
  #wake: (() => void) | undefined;

  /** @param maxBuffered Bytes kept unread; one more ends the stream with `too-large`. */
  constructor(stream: Stream, maxBuffered: number) {
    this.#stream = stream;
    this.#maxBuffered = maxBuffered;
    stream.maxReadBufferLength = maxBuffered;
    stream.addEventListener('message', this.#onMessage);
    stream.addEventListener('end', this.#onEnd);
    stream.addEventListener('close', this.#onClose);
    if (this.#nothingMoreComes()) this.#onEnd();
    else if (stream.status === 'aborted' || stream.status === 'reset') this.#fail('reset', 'the stream was reset');
  }

  /**
   * The next `length` bytes. Throws `StreamError` when they cannot come, or the signal's reason. What came before an end can
   * still be read.
   */
  async read(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    while (this.#buffered < length) {
      signal?.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure;
      await this.#more(signal);
    }
    return this.#take(length);
  }

  /** True when the other side has ended its side and everything it sent was read. */
  get finished(): boolean {
    return this.#failure !== undefined && this.#buffered === 0;
  }

  #more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = wake;
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #take(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = chunk.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#buffered -= length;
    return bytes;
  }

  /** Also after `end`: a negotiation that read ahead pushes its surplus back then. */
  #nothingMoreComes(): boolean {
    return this.#stream.remoteWriteStatus === 'closed' && this.#stream.readBufferLength === 0;
  }

  readonly #onMessage = (event: StreamMessageEvent) => {
    const chunk = event.data.subarray();
    if (this.#buffered + chunk.length > this.#maxBuffered) {
      this.#fail('too-large', `more than ${this.#maxBuffered} bytes`);
      // libp2p is in the middle of handing us data: aborting has to wait until it is done.
      queueMicrotask(() => this.#stream.abort(new StreamError('too-large', `more than ${this.#maxBuffered} bytes`)));
      return;
    }
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#nothingMoreComes()) this.#fail('ended', 'the other side closed the stream');
    this.#wake?.();
  };

  readonly #onEnd = () => {
    // Surplus that was pushed back arrives as a message yet.
    if (this.#stream.readBufferLength === 0) this.#fail('ended', 'the other side closed the stream');
  };

  readonly #onClose = (event: StreamCloseEvent) => {
    if (event.error === undefined || event.error === null) this.#fail('ended', 'the stream was closed');
    else this.#fail('reset', event.error.message);
  };

  #fail(code: StreamErrorCode, message: string): void {
    this.#failure ??= new StreamError(code, message);
    this.#stream.removeEventListener('message', this.#onMessage);
    this.#stream.removeEventListener('end', this.#onEnd);
    this.#stream.removeEventListener('close', this.#onClose);
    this.#wake?.();
  }
}
