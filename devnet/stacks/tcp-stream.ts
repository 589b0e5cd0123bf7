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

/** Connects. Rejects with `TcpError`. */
export function connectTcp(host: string, port: number, timeout = CONNECT_TIME): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (code: 'unreachable' | 'timeout', message: string) => {
      socket.destroy();
      reject(new TcpError(code, message));
    };
    const timer = setTimeout(() => fail('timeout', `no connection in ${timeout} ms`), timeout);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail('unreachable', error.code ?? error.message);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
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
