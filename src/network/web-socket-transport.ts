import type { MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface';
import { webSockets } from '@libp2p/websockets';

/** What of `@libp2p/websockets` 10.1.21's connection is used here and is not in its types. Guarded by the test beside this file. */
interface WithSocket {
  readonly websocket?: { close(): void; on?: (event: 'error', listener: () => void) => unknown } | undefined;
}

/**
 * `abort()` of a libp2p WebSocket connection calls `socket.close(1006)`, which every WebSocket refuses by throwing; libp2p logs
 * that and forgets the socket, and the other side goes on believing in the connection. So whatever ends the connection also
 * closes its socket. And in Node, `ws` turns an `error` event without listener (a garbage frame suffices) into an uncaught
 * exception; so there is a listener.
 */
function bindSocket(connection: MultiaddrConnection): void {
  const { websocket } = connection as WithSocket;
  if (websocket === undefined) return;
  websocket.on?.('error', () => undefined);
  connection.addEventListener('close', () => websocket.close());
}

/** Passes every connection through `bindSocket` on its way to the upgrader. */
function binding(upgrader: Upgrader): Upgrader {
  return new Proxy(upgrader, {
    get(target, name) {
      if (name === 'upgradeOutbound' || name === 'upgradeInbound') {
        return (connection: MultiaddrConnection, options: never) => {
          bindSocket(connection);
          return target[name](connection, options);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

type TransportFactory = ReturnType<typeof webSockets>;

/** libp2p's WebSocket transport with sockets that close when their connection does. Dials everywhere, listens in Node only. */
export function webSocketTransport(): TransportFactory {
  const create = webSockets();
  return (components): Transport => {
    const transport = create(components);
    const dial = transport.dial.bind(transport);
    const createListener = transport.createListener.bind(transport);
    transport.dial = (address, options) => dial(address, { ...options, upgrader: binding(options.upgrader) });
    transport.createListener = (options) => createListener({ ...options, upgrader: binding(options.upgrader) });
    return transport;
  };
}
