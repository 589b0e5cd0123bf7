/**
 * Carries a data channel's bytes over a port, between the side that has the channel (a page's pump, or the page) and the side that uses it
 * (the hub). Each side confirms the bytes that it has handled, so that neither port nor channel buffers more than a bound.
 * @module
 */

import { fieldsOf, listen, type Port } from './port.ts';

/** Bytes to the channel that are not sent yet; this keeps any link busy for the time that a message between threads takes. */
const WINDOW = 262_144;

/**
 * Bytes from the channel that its user has not taken yet. A data channel cannot be paused, but yamux's windows make an honest sender wait
 * long before that.
 */
const MAX_UNTAKEN = 8_388_608;

/** Bytes in the browser's own buffer of a channel: the upper limit, and the level below which more bytes are added. */
const BUFFERED = { high: 262_144, low: 65_536 };

/** Maximum bytes of one message, in either direction: every browser accepts that, whatever was negotiated (RFC 8831, 6.6). */
export const MAX_CHANNEL_MESSAGE = 16_384;

/** Why a channel ended. */
export type ChannelEnd = 'remote-closed' | 'closed' | 'failed' | 'overflow' | 'malformed';

const ends: readonly ChannelEnd[] = ['remote-closed', 'closed', 'failed', 'overflow', 'malformed'];

/** The used part of a reliable and ordered `RTCDataChannel`. */
export interface DataChannel extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  binaryType: string;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** Moves bytes between a channel and a port until either ends; the returned function ends both. */
export function pumpChannel(channel: DataChannel, port: Port): () => void {
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  let untaken = 0;
  let over = false;
  const post = (message: object, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const end = (code: ChannelEnd) => {
    if (over) return;
    over = true;
    stopListening();
    for (const [name, listener] of listeners) channel.removeEventListener(name, listener);
    post({ kind: 'ended', code });
    try {
      channel.close();
    } catch {
      // The channel has ended either way.
    }
  };
  const hasRoom = () => !over && channel.readyState === 'open' && channel.bufferedAmount < BUFFERED.high;
  const flush = () => {
    while (hasRoom()) {
      const bytes = waiting.shift();
      if (!bytes) return;
      waitingBytes -= bytes.length;
      try {
        channel.send(bytes);
      } catch {
        return end('failed');
      }
      post({ kind: 'done', bytes: bytes.length });
    }
  };
  const onOpen = () => {
    post({ kind: 'open' });
    flush();
  };
  const onMessage = (event: Event) => {
    const { data } = event as MessageEvent;
    if (!(data instanceof ArrayBuffer) || data.byteLength > MAX_CHANNEL_MESSAGE) return end('malformed');
    untaken += data.byteLength;
    if (untaken > MAX_UNTAKEN) return end('overflow');
    post({ kind: 'data', bytes: data }, [data]);
  };
  const listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ['open', onOpen],
    ['message', onMessage],
    ['bufferedamountlow', flush],
    ['close', () => end('remote-closed')],
    ['error', () => end('failed')],
  ];
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = BUFFERED.low;
  for (const [name, listener] of listeners) channel.addEventListener(name, listener);
  const stopListening = listen(
    port,
    (data) => {
      const { kind, bytes } = fieldsOf(data) ?? {};
      if (kind === 'data' && bytes instanceof ArrayBuffer) {
        waiting.push(new Uint8Array(bytes));
        waitingBytes += bytes.byteLength;
        // The hub stops at its window; a sender that does not is not our hub.
        if (waitingBytes > 2 * WINDOW) end('overflow');
        else flush();
      } else if (kind === 'done' && typeof bytes === 'number') untaken -= bytes;
      else if (kind === 'close') end('closed');
    },
    () => end('failed'),
  );
  if (channel.readyState === 'open') onOpen();
  else if (channel.readyState !== 'connecting') end('failed');
  return () => end('closed');
}

export interface ChannelPortHandlers {
  message(bytes: Uint8Array): void;
  drain(): void;
  closed(code: ChannelEnd): void;
}

/** The channel, as its user sees it. */
export interface ChannelPort {
  /** Resolves when the channel is open; rejects with its `ChannelEnd` as the error's message if it never will be. */
  readonly opened: Promise<void>;
  /** Sends a message of at most `MAX_CHANNEL_MESSAGE` bytes. False: this message was taken, but the next must wait for `drain`. */
  send(bytes: Uint8Array): boolean;
  /** Must be called once; messages that came before are held until then. */
  listen(handlers: ChannelPortHandlers): void;
  close(): void;
  /** The channel is gone without an event, because its page was closed. */
  lose(): void;
}

/** The other side of `pumpChannel`. */
export function openChannelPort(port: Port): ChannelPort {
  const waiting: Uint8Array[] = [];
  let handlers: ChannelPortHandlers | undefined;
  let unsent = 0;
  let full = false;
  let ended: ChannelEnd | undefined;
  let onOpened: () => void = () => {};
  let onFailed: (error: Error) => void = () => {};
  const opened = new Promise<void>((resolve, reject) => {
    onOpened = resolve;
    onFailed = reject;
  });
  opened.catch(() => undefined);
  const next = () => (handlers ? waiting.shift() : undefined);
  const deliver = () => {
    for (let bytes = next(); bytes; bytes = next()) {
      if (!ended) port.postMessage({ kind: 'done', bytes: bytes.length }, []);
      handlers?.message(bytes);
    }
  };
  const end = (code: ChannelEnd) => {
    if (ended) return;
    ended = code;
    stop();
    port.close?.();
    onFailed(new Error(code));
    handlers?.closed(code);
  };
  const stop = listen(
    port,
    (data) => {
      const { kind, bytes, code } = fieldsOf(data) ?? {};
      if (kind === 'open') onOpened();
      else if (kind === 'data' && bytes instanceof ArrayBuffer && bytes.byteLength <= MAX_CHANNEL_MESSAGE) {
        waiting.push(new Uint8Array(bytes));
        deliver();
      } else if (kind === 'done' && typeof bytes === 'number') {
        unsent -= bytes;
        if (!full || unsent > WINDOW / 2) return;
        full = false;
        handlers?.drain();
      } else if (kind === 'ended') end(ends.find((each) => each === code) ?? 'failed');
    },
    () => end('failed'),
  );
  return {
    opened,
    send(bytes) {
      if (ended) return false;
      const copy = bytes.slice();
      unsent += copy.length;
      port.postMessage({ kind: 'data', bytes: copy.buffer }, [copy.buffer]);
      full ||= unsent >= WINDOW;
      return !full;
    },
    listen(given) {
      handlers = given;
      deliver();
      if (ended) given.closed(ended);
    },
    close() {
      if (!ended) port.postMessage({ kind: 'close' }, []);
      end('closed');
    },
    lose: () => end('failed'),
  };
}
