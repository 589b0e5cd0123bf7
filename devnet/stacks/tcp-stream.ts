// Tests: `devnet/stacks/tcp-peer.test.ts`.
import { connect, type Socket } from 'node:net';
import { CodedError } from '../../src/base/coded-error.ts';
import type { ByteStream } from '../../src/chains/stacks/net/byte-stream.ts';

/** Milliseconds to connect: above this nobody is there, or a firewall swallows the packets. */
const CONNECT_TIME = 10_000;
/** Bytes that wait to be sent at most; a side that takes none ends the connection. Requests have 200 bytes each. */
const MAX_UNSENT = 1_048_576;

/** `unreachable`: nobody listens there, or the name is not known. `timeout`: nobody answered. */
export class TcpError extends CodedError<'unreachable' | 'timeout'> {
  override readonly name = 'TcpError';
}

/** Connects. Rejects with `TcpError`, or with the signal's reason. */
export function connectTcp(host: string, port: number, { timeout = CONNECT_TIME, signal }: { readonly timeout?: number; readonly signal?: AbortSignal } = {}): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const socket = connect({ host, port });
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
    };
    const fail = (error: Error) => {
      end();
      // What the socket says after it was given up has no listener else.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal?.reason as Error);
    const timer = setTimeout(() => fail(new TcpError('timeout', `no connection in ${timeout} ms`)), timeout);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error: NodeJS.ErrnoException) => fail(new TcpError('unreachable', error.code ?? error.message)));
    socket.once('connect', () => {
      end();
      resolve(streamOf(socket));
    });
  });
}

/** The stream of a connected socket. What comes before there is a listener waits in the socket. */
export function streamOf(socket: Socket): ByteStream {
  let isClosed = false;
  let onClose: (() => void) | undefined;
  const end = () => {
    if (isClosed) return;
    isClosed = true;
    socket.destroy();
    onClose?.();
  };
  // An error is followed by `close`.
  socket.on('error', () => {});
  socket.on('close', end);
  socket.on('end', end);
  socket.setNoDelay(true);
  return {
    send(bytes) {
      if (isClosed) return;
      socket.write(bytes);
      if (socket.writableLength > MAX_UNSENT) end();
    },
    onBytes: (listener) => void socket.on('data', (bytes: Buffer) => !isClosed && listener(new Uint8Array(bytes))),
    onClose(listener) {
      onClose = listener;
      if (isClosed) listener();
    },
    close: end,
  };
}
