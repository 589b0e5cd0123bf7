import type { DialTransportOptions, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { webSockets } from '@libp2p/websockets';
import { socketAddress } from './addresses.ts';
import { limitFor, lineLimits } from './line-limits.ts';
import type { LineLimits } from './line-limits.ts';
import { changed } from './webrtc/changed.ts';
import { CodedError } from '../base/coded-error.ts';

/** Maximum bytes of a WebSocket message. Nodes send encrypted pieces of 64 kB each; a whole message is decrypted in one task. */
const MAX_MESSAGE = 1_048_576;

/** Bytes that are sent as one message: those of a whole piece of noise, with its length. More are sent in the pieces in which they come. */
const MAX_JOINED = 65_535 + 2;

/** The parts of `@libp2p/websockets` 10.1.21 that are used here and are not in its types. Guarded by the test beside this file. */
interface WithSocket {
  onData?(bytes: { readonly byteLength: number }): void;
  sendData?(data: Pieces): unknown;
  readonly websocket?: { close(): void; on?: (event: 'error', listener: () => void) => unknown } | undefined;
}
/** Bytes in pieces. */
interface Pieces extends Iterable<Uint8Array> {
  readonly byteLength: number;
  subarray(): Uint8Array;
}
interface WithConnect {
  _connect?: (address: Multiaddr, options: DialTransportOptions) => Promise<WebSocket>;
}

/** The installed transport is not the version that this code was written for. */
class WebSocketsVersionError extends CodedError<'websockets-version'> {
  override readonly name = 'WebSocketsVersionError';
  constructor(message: string) {
    super('websockets-version', message);
  }
}

/** A dial that failed to finish in time. It has the same name as libp2p's own errors. */
class DialTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface WebSocketTransportOptions {
  readonly limits?: Pick<LineLimits, 'socket' | 'upgrade'>;
  /** Called with the milliseconds that it took to open the socket of a connection to this address: at least one round trip. */
  readonly opened?: ((address: Multiaddr, ms: number) => void) | undefined;
}

/**
 * Opens a socket within `ms` milliseconds. A socket that is given up is closed at once, even while it still connects. libp2p's own dial
 * would leave it open, and a browser delays every further socket to the same address until that one has failed, which takes minutes.
 */
function openSocket(uri: string, ms: number, abort: AbortSignal | undefined): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(uri);
    socket.binaryType = 'arraybuffer';
    const settle = () => {
      clearTimeout(timer);
      socket.removeEventListener('open', onOpen);
      socket.removeEventListener('error', onFailure);
      socket.removeEventListener('close', onFailure);
      abort?.removeEventListener('abort', onAbort);
    };
    const giveUp = (error: unknown) => {
      settle();
      socket.close();
      reject(error as Error);
    };
    const onOpen = () => {
      settle();
      resolve(socket);
    };
    const onFailure = () => giveUp(new Error(`no WebSocket to ${uri}`));
    const onAbort = () => giveUp(abort?.reason);
    const timer = setTimeout(() => giveUp(new DialTimeoutError(`no WebSocket to ${uri} within ${ms} ms`)), ms);
    socket.addEventListener('open', onOpen);
    socket.addEventListener('error', onFailure);
    socket.addEventListener('close', onFailure);
    abort?.addEventListener('abort', onAbort);
    if (abort?.aborted === true) onAbort();
  });
}

/**
 * `abort()` of a libp2p WebSocket connection calls `socket.close(1006)`, which every WebSocket refuses by throwing. libp2p logs that and
 * forgets the socket, and the other side keeps a dead connection. So whatever ends the connection also closes its socket here. In Node,
 * `ws` also turns an `error` event without a listener (one invalid frame is enough) into an uncaught exception, so a listener is added.
 */
function bindSocket(connection: MultiaddrConnection): void {
  const internals = connection as WithSocket;
  const { websocket } = internals;
  if (websocket === undefined) return;
  websocket.on?.('error', () => undefined);
  connection.addEventListener('close', () => websocket.close());
  const onData = internals.onData?.bind(connection);
  const sendData = internals.sendData?.bind(connection);
  if (onData === undefined || sendData === undefined) throw new WebSocketsVersionError('a WebSocket connection has no onData or no sendData');
  // libp2p sends each piece as a message of its own: the two bytes of a length, then what they are the length of.
  internals.sendData = (data) => sendData(data.byteLength > MAX_JOINED ? data : whole(data));
  internals.onData = (bytes) => {
    if (bytes.byteLength > MAX_MESSAGE) connection.abort(new Error(`a message of ${bytes.byteLength} bytes`));
    else onData(bytes);
  };
}

/** The same bytes as one piece. */
function whole(data: Pieces): Pieces {
  const bytes = data.subarray();
  return { byteLength: bytes.byteLength, subarray: () => bytes, [Symbol.iterator]: () => [bytes].values() };
}

/**
 * Passes every connection through `bindSocket` before the upgrader. Also aborts a dialled connection whose upgrade does not finish in time:
 * libp2p would leave it open.
 */
function binding(upgrader: Upgrader, upgradeTime: () => number): Upgrader {
  return changed(upgrader, {
    upgradeInbound: (connection: MultiaddrConnection, options: never) => {
      bindSocket(connection);
      return upgrader.upgradeInbound(connection, options);
    },
    upgradeOutbound: async (connection: MultiaddrConnection, options: DialTransportOptions) => {
      bindSocket(connection);
      const ms = upgradeTime();
      let late: Error | undefined;
      // Aborting the connection also ends whatever reads from it.
      const timer = setTimeout(() => connection.abort((late = new DialTimeoutError(`no connection within ${ms} ms`))), ms);
      try {
        return await upgrader.upgradeOutbound(connection, options as never);
      } catch (error) {
        connection.abort(error as Error);
        throw late ?? error;
      } finally {
        clearTimeout(timer);
      }
    },
  });
}

type TransportFactory = ReturnType<typeof webSockets>;

/**
 * libp2p's WebSocket transport, with two changes: a socket closes when its connection closes or fails to come about, and time limits follow
 * how long the socket took to open. Dials everywhere, listens in Node only. Its factory throws `WebSocketsVersionError`.
 */
export function webSocketTransport({ limits = lineLimits, opened }: WebSocketTransportOptions = {}): TransportFactory {
  const create = webSockets();
  return (components): Transport => {
    const transport = create(components) as Transport & WithConnect;
    const { dial, createListener } = transport;
    // oxlint-disable-next-line no-underscore-dangle -- libp2p's name
    if (transport._connect === undefined) throw new WebSocketsVersionError('the WebSocket transport has no _connect');
    transport.dial = (address, options) => {
      let roundTrip: number | undefined;
      const connect: WithConnect['_connect'] = async (target, { signal }) => {
        const to = socketAddress(target);
        if (to === undefined) throw new Error(`no address of a WebSocket: ${target.toString()}`);
        const host = to.host.includes(':') ? `[${to.host}]` : to.host;
        const begun = performance.now();
        const socket = await openSocket(`${to.transport}://${host}:${to.port}`, limits.socket, signal);
        roundTrip = performance.now() - begun;
        opened?.(target, roundTrip);
        return socket;
      };
      const upgrader = binding(options.upgrader, () => limitFor(limits.upgrade, roundTrip));
      return dial.call(changed(transport, { _connect: connect }), address, { ...options, upgrader });
    };
    transport.createListener = (options) => createListener.call(transport, { ...options, upgrader: binding(options.upgrader, () => 0) });
    return transport;
  };
}
