import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';
import { MAX_WINDOW } from './yamux-guard.ts';
import { CodedError } from '../base/coded-error.ts';

/** Bytes that `discard` reads at once. */
const SKIPPED_AT_ONCE = 65_536;

/** `ended`: the other side closed before all bytes came. `reset`: the stream or its connection broke. `too-large`: more bytes than allowed. */
export type StreamErrorCode = 'ended' | 'reset' | 'too-large';

/** The other side of a stream did not send the expected bytes. */
export class StreamError extends CodedError<StreamErrorCode> {
  override readonly name = 'StreamError';
}

/**
 * Reads exact numbers of bytes from a libp2p stream, one read at a time, with a bound on unread bytes. Those are kept in one buffer,
 * because every separate piece costs some hundred bytes of overhead and may keep alive the whole message that it came with.
 *
 * libp2p's own async iterator waits for ever on a stream whose other side closed before iteration began (the event that it waits for has
 * passed). A peer can cause that at will, so this reader also checks the stream's state.
 */
export class StreamReader {
  readonly #stream: Stream;
  readonly #maxBuffered: number;
  readonly #holdUp: boolean;
  #resuming = false;
  /** The unread bytes lie in this buffer from `#start` on. */
  #buffer = new Uint8Array();
  #start = 0;
  #buffered = 0;
  #failure: StreamError | undefined;
  #wake: (() => void) | undefined;

  /**
   * @param maxBuffered Maximum unread bytes; one more ends the stream with `too-large`.
   * @param options.holdUp Do not end the stream at the bound, but pause the other side until the bytes are read. Besides these bytes it can
   * still send what its window allows. For muxers with windows, such as yamux.
   */
  constructor(stream: Stream, maxBuffered: number, { holdUp = false }: { readonly holdUp?: boolean } = {}) {
    this.#stream = stream;
    this.#maxBuffered = maxBuffered;
    this.#holdUp = holdUp;
    stream.maxReadBufferLength = holdUp ? MAX_WINDOW : maxBuffered;
    stream.addEventListener('message', this.#onMessage);
    stream.addEventListener('end', this.#onEnd);
    stream.addEventListener('close', this.#onClose);
    if (this.#nothingMoreComes()) this.#onEnd();
    else if (stream.status === 'aborted' || stream.status === 'reset') this.#fail('reset', 'the stream was reset');
  }

  /**
   * Resolves with the next `length` bytes. Throws `StreamError` when they cannot come, or the signal's reason. Bytes that came before an
   * end can still be read.
   */
  async read(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    while (this.#buffered < length) {
      signal?.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure;
      if (!this.#resume()) await this.#more(signal);
    }
    return this.#take(length);
  }

  /** Whether the other side has ended its side and everything it sent was read. */
  get finished(): boolean {
    return this.#failure !== undefined && this.#buffered === 0;
  }

  /** Skips the next `length` bytes, without keeping more of them at once than of others. Throws as `read`. */
  async discard(length: number, signal?: AbortSignal): Promise<void> {
    for (let left = length; left > 0; left -= SKIPPED_AT_ONCE) await this.read(Math.min(left, SKIPPED_AT_ONCE), signal);
  }

  /** Lets the other side continue, if it was paused. Returns whether that delivered bytes at once. */
  #resume(): boolean {
    if (!this.#holdUp || this.#stream.readStatus !== 'paused') return false;
    const before = this.#buffered;
    // Waiting bytes arrive within this call; the stream can be paused again only after it.
    this.#resuming = true;
    this.#stream.resume();
    this.#resuming = false;
    this.#pause();
    return this.#buffered > before;
  }

  #pause(): void {
    if (this.#buffered > this.#maxBuffered && this.#stream.readStatus === 'readable') this.#stream.pause();
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
    const bytes = this.#buffer.slice(this.#start, this.#start + length);
    this.#start += length;
    this.#buffered -= length;
    if (this.#buffered === 0) {
      this.#buffer = new Uint8Array();
      this.#start = 0;
    }
    return bytes;
  }

  #keep(bytes: Uint8Array): void {
    const end = this.#start + this.#buffered;
    if (this.#buffer.length - end < bytes.length) {
      const kept = this.#buffer.subarray(this.#start, end);
      this.#buffer = new Uint8Array(Math.max(kept.length + bytes.length, Math.min(2 * (kept.length + bytes.length), this.#maxBuffered)));
      this.#buffer.set(kept);
      this.#start = 0;
    }
    this.#buffer.set(bytes, this.#start + this.#buffered);
    this.#buffered += bytes.length;
  }

  /** Needed also after `end`: a negotiation that read ahead pushes its surplus back then. */
  #nothingMoreComes(): boolean {
    return this.#stream.remoteWriteStatus === 'closed' && this.#stream.readBufferLength === 0;
  }

  readonly #onMessage = (event: StreamMessageEvent) => {
    const chunk = event.data.subarray();
    if (!this.#holdUp && this.#buffered + chunk.length > this.#maxBuffered) {
      this.#fail('too-large', `more than ${this.#maxBuffered} bytes`);
      // libp2p is in the middle of handing us data: aborting has to wait until it is done.
      queueMicrotask(() => this.#stream.abort(new StreamError('too-large', `more than ${this.#maxBuffered} bytes`)));
      return;
    }
    this.#keep(chunk);
    if (this.#holdUp && !this.#resuming) this.#pause();
    if (this.#nothingMoreComes()) this.#fail('ended', 'the other side closed the stream');
    this.#wake?.();
  };

  readonly #onEnd = () => {
    // Surplus that was pushed back will still arrive as a message.
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
