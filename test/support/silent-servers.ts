import { createServer, type Server, type Socket } from 'node:net';

/** Servers on loopback that accept connections and never send anything. */
export class SilentServers {
  readonly addresses: readonly string[];
  readonly #servers: readonly Server[];
  readonly #sockets: Set<Socket>;

  private constructor(servers: readonly Server[], sockets: Set<Socket>) {
    this.#servers = servers;
    this.#sockets = sockets;
    this.addresses = servers.map((server) => `/ip4/127.0.0.1/tcp/${(server.address() as { port: number }).port}/ws`);
  }

  static async start(count: number): Promise<SilentServers> {
    const sockets = new Set<Socket>();
    const servers = await Promise.all(
      Array.from({ length: count }, async () => {
        const server = createServer((socket) => {
          sockets.add(socket);
          socket.on('error', () => undefined);
          socket.on('close', () => sockets.delete(socket));
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        return server;
      }),
    );
    return new SilentServers(servers, sockets);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
