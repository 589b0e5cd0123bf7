import { createHash } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';

/** An address that a client dials in vain. */
export interface DeadEnd {
  readonly port: number;
  close(): Promise<void>;
}

function listening(server: Server, sockets: Set<Socket>, besides: () => void = () => undefined): Promise<DeadEnd> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as { port: number }).port,
        close: async () => {
          besides();
          for (const socket of sockets) socket.destroy();
          await new Promise((closed) => server.close(closed));
        },
      });
    });
  });
}

function kept(sockets: Set<Socket>): (socket: Socket) => void {
  return (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  };
}

/** Accepts connections but does not answer the WebSocket upgrade. */
export function silentHost(): Promise<DeadEnd> {
  const sockets = new Set<Socket>();
  return listening(createServer(kept(sockets)), sockets);
}

/** Opens the WebSocket but sends nothing, so that the noise handshake never begins. */
export function silentWebSocket(): Promise<DeadEnd> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    kept(sockets)(socket);
    socket.once('data', (request) => {
      const key = /sec-websocket-key: *(\S+)/iu.exec(request.toString())?.[1] ?? '';
      // RFC 6455, 4.2.2.
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    });
  });
  return listening(server, sockets);
}

/** A TLS server with this certificate. */
export function tlsHost(certificate: { readonly key: string; readonly cert: string }): Promise<DeadEnd> {
  const sockets = new Set<Socket>();
  const server = createTlsServer(certificate, kept(sockets));
  server.on('tlsClientError', () => undefined);
  server.on('connection', kept(sockets));
  return listening(server, sockets);
}

/** A port whose full connection queue is never emptied, so that no SYN gets an answer any more. */
export async function blackHole(): Promise<DeadEnd> {
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await worker.terminate();
    },
  };
}
