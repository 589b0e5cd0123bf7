// Tests: `devnet/stacks/tcp-peer.test.ts`.
import { createServer, type AddressInfo } from 'node:net';
import { ScriptedPeer, type ScriptedPeerOptions } from './scripted-peer.ts';
import { streamOf } from './tcp-stream.ts';

/** Connections at a time; further ones are closed at once. */
const MAX_CONNECTIONS = 64;

export interface TcpPeer {
  readonly peer: ScriptedPeer;
  readonly port: number;
  close(): Promise<void>;
}

/** A scripted peer that listens on loopback. `port` 0: a free one. */
export async function startTcpPeer(options: ScriptedPeerOptions, port = 0): Promise<TcpPeer> {
  const peer = new ScriptedPeer(options);
  const server = createServer((socket) => (peer.connections >= MAX_CONNECTIONS ? socket.destroy() : peer.serve(streamOf(socket))));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    peer,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        peer.closeAll();
      }),
  };
}
