/**
 * A WebSocket that carries frames: one binary message is one frame. Used by chains whose nodes speak WebSocket without libp2p. In Node the
 * entry file imports `network/node-web-socket.ts` first.
 * @module
 */

import type { Clock } from '../../base/clock.ts';
import { CodedError, type ErrorData } from '../../base/coded-error.ts';
import { SilenceWatch, type SilenceRule } from './silence-watch.ts';

/** Frames that wait for `listen`; a peer that sends more before we listen is closed with `too-many-frames`. */
const MAX_EARLY = 16;
/** Bytes of UTF-8 that a close frame has room for (RFC 6455, 5.5). */
const MAX_CLOSE_TEXT = 123;
/** Close codes that a page may send (RFC 6455, 7.4.2): 1000 and those of applications. */
const mayClose = (code: number): boolean => code === 1000 || (code >= 3000 && code <= 4999);
/** Closes a connection because of a frame that breaks a limit. Ours, from the range of applications. */
const BROKEN_LIMIT = 4008;

/**
 * - `refused`: the socket did not open
 * - `timeout`: it did not open in time
 * - `wrong-protocol`: the server chose none of our subprotocols; `data.protocol`
 * - `disconnected`: the connection has ended
 * - `too-large`: the frame is larger than may be sent; `data.bytes`, `data.limit`. It was not sent
 * - `buffer-full`: the peer reads too slowly; `data.buffered`. The frame was not sent
 */
export type FrameErrorCode = 'refused' | 'timeout' | 'wrong-protocol' | 'disconnected' | 'too-large' | 'buffer-full';

export class FrameError extends CodedError<FrameErrorCode> {
  override readonly name = 'FrameError';
  constructor(code: FrameErrorCode, data: ErrorData = {}) {
    super(code, code, data);
  }
}

/** Bytes. */
export interface FrameLimits {
  /** The largest frame that the peer may send. A larger one closes the connection. */
  readonly received: number;
  /** The largest frame that we send. */
  readonly sent: number;
  /** The most that may wait in the socket to be sent. */
  readonly buffered: number;
}

export interface FrameClose {
  /** The code of the close frame; 1006 if there was none. */
  readonly code: number;
  readonly text: string;
  /**
   * `remote`: the peer, or the network. `local`: `close` was called. The others are rules that the peer broke, except `silent`, which may be
   * the network's fault: nothing came within `closeAfter`.
   */
  readonly by: 'remote' | 'local' | 'silent' | 'not-binary' | 'frame-too-large' | 'too-many-frames';
}

export interface FrameHandlers {
  /** A frame, in the order of arrival. The array is the receiver's own. */
  readonly onFrame: (frame: Uint8Array) => void;
  /** The connection has ended. Called once, and nothing is called after it. */
  readonly onClose: (close: FrameClose) => void;
}

export interface FrameOptions {
  readonly clock: Clock;
  /** At least one; the server must choose one of them. */
  readonly protocols: readonly string[];
  readonly limits: FrameLimits;
  /** Milliseconds within which the socket must be open. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a WebSocket to `url` (`web-socket-url.ts`). A socket that is given up is closed at once, even while it connects. Rejects with
 * `FrameError` (`refused`, `timeout`, `wrong-protocol`) or the signal's reason.
 */
export function openFrames(url: string, { clock, protocols, limits, timeout, signal }: FrameOptions): Promise<FrameConnection> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, [...protocols]);
    } catch {
      // A browser throws for `ws` on a page that was served over https.
      return reject(new FrameError('refused'));
    }
    const connection = new FrameConnection(socket, clock, limits);
    const settle = () => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      socket.removeEventListener('open', onOpen);
      socket.removeEventListener('close', onEnd);
    };
    const giveUp = (error: unknown) => {
      settle();
      connection.close();
      reject(error as Error);
    };
    const onOpen = () => {
      if (!protocols.includes(socket.protocol)) return giveUp(new FrameError('wrong-protocol', { protocol: socket.protocol.slice(0, 64) }));
      settle();
      resolve(connection);
    };
    const onEnd = () => giveUp(new FrameError('refused'));
    const onAbort = () => giveUp(signal.reason);
    const cancel = clock.after(timeout, () => giveUp(new FrameError('timeout')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.addEventListener('open', onOpen);
    socket.addEventListener('close', onEnd);
  });
}

/** An open connection. Made by `openFrames`. */
export class FrameConnection {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #limits: FrameLimits;
  #handlers: FrameHandlers | undefined;
  #early: Uint8Array[] = [];
  #closed: FrameClose | undefined;
  #silence: SilenceWatch | undefined;
  #received = 0;
  #sent = 0;

  constructor(socket: WebSocket, clock: Clock, limits: FrameLimits) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', this.#onMessage);
    socket.addEventListener('close', this.#onClose);
    // `ws` throws an error that nobody listens to; the close event that follows says all that we need.
    socket.addEventListener('error', () => undefined);
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Bytes of all frames that came. */
  get received(): number {
    return this.#received;
  }

  /** Bytes of all frames that were sent. */
  get sent(): number {
    return this.#sent;
  }

  get open(): boolean {
    return this.#closed === undefined && this.#socket.readyState === 1;
  }

  /**
   * Hands over frames and the end, including what came since the connection was opened. Called once. With `silence` the connection is
   * pinged, and closed, when nothing comes.
   */
  listen(handlers: FrameHandlers, silence?: SilenceRule): void {
    this.#handlers = handlers;
    if (silence !== undefined && this.#closed === undefined) this.#silence = new SilenceWatch(this.#clock, silence, () => this.#end({ code: 1006, text: '', by: 'silent' }, 1000));
    for (const frame of this.#early.splice(0)) {
      if (this.#closed !== undefined && this.#closed.by !== 'remote') break;
      handlers.onFrame(frame);
    }
    if (this.#closed !== undefined) this.#tellEnd();
  }

  /** Sends a frame. Throws `FrameError` (`disconnected`, `too-large`, `buffer-full`); the frame was not sent then. */
  send(frame: Uint8Array): void {
    if (!this.open) throw new FrameError('disconnected');
    if (frame.length > this.#limits.sent) throw new FrameError('too-large', { bytes: frame.length, limit: this.#limits.sent });
    const buffered = this.#socket.bufferedAmount;
    if (buffered + frame.length > this.#limits.buffered) throw new FrameError('buffer-full', { buffered });
    // A copy, because a view of a shared buffer cannot be sent, and the caller may write to its array again.
    this.#socket.send(frame.slice());
    this.#sent += frame.length;
  }

  /** Ends the connection. `code`: 1000, or 3000 to 4999. A text that is too long is cut. Does nothing if it has ended. */
  close(code = 1000, text = ''): void {
    const known = mayClose(code) ? code : 1000;
    const short = shortText(text);
    this.#end({ code: known, text: short, by: 'local' }, known, short);
  }

  readonly #onMessage = ({ data }: MessageEvent): void => {
    if (this.#closed !== undefined) return;
    if (!(data instanceof ArrayBuffer)) return this.#end({ code: BROKEN_LIMIT, text: '', by: 'not-binary' }, BROKEN_LIMIT, 'binary frames only');
    this.#received += data.byteLength;
    if (data.byteLength > this.#limits.received) return this.#end({ code: BROKEN_LIMIT, text: '', by: 'frame-too-large' }, BROKEN_LIMIT, 'frame too large');
    this.#silence?.heard();
    const frame = new Uint8Array(data);
    if (this.#handlers !== undefined) return this.#handlers.onFrame(frame);
    if (this.#early.length >= MAX_EARLY) return this.#end({ code: BROKEN_LIMIT, text: '', by: 'too-many-frames' }, BROKEN_LIMIT, 'too many frames');
    this.#early.push(frame);
  };

  readonly #onClose = ({ code, reason }: CloseEvent): void => this.#end({ code, text: reason, by: 'remote' });

  #end(close: FrameClose, code?: number, text?: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = close;
    this.#silence?.stop();
    if (code !== undefined) this.#socket.close(code, text);
    if (this.#handlers !== undefined) this.#tellEnd();
  }

  #tellEnd(): void {
    const { onClose } = this.#handlers!;
    this.#handlers = { onFrame: () => undefined, onClose: () => undefined };
    onClose(this.#closed!);
  }
}

/** The text, cut to what a close frame has room for, at the border of a character. */
function shortText(text: string): string {
  const bytes = new TextEncoder().encode(text.slice(0, MAX_CLOSE_TEXT));
  return bytes.length <= MAX_CLOSE_TEXT ? text.slice(0, MAX_CLOSE_TEXT) : new TextDecoder().decode(bytes.subarray(0, MAX_CLOSE_TEXT)).replace(/\uFFFD+$/, '');
}
