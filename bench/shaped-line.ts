import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export interface LineOptions {
  /** Milliseconds of a round trip. */
  readonly roundTrip: number;
  /** Kilobits per second in each direction, shared by all connections on the line. */
  readonly kilobits: number;
}

/** One direction of the line. Pieces leave one after the other, and each arrives half a round trip later. */
class Direction {
  readonly #delay: number;
  readonly #bytesPerMs: number;
  #freeAt = 0;
  /** Keeps the order: timers of different lengths may fire in another order than they are due. */
  #last = Promise.resolve();

  constructor({ roundTrip, kilobits }: LineOptions) {
    this.#delay = roundTrip / 2;
    this.#bytesPerMs = kilobits / 8;
  }

  /** Calls `arrive` when this many bytes have passed. */
  send(bytes: number, arrive: () => void): void {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.#bytesPerMs;
    const due = new Promise<void>((resolve) => setTimeout(resolve, Math.ceil(this.#freeAt + this.#delay - now)));
    this.#last = this.#last.then(() => due).then(arrive);
  }
}

/**
 * A simulated line between a browser and servers on this machine, with a delay and a bandwidth. It has a proxy for each port; all
 * proxies share the bandwidth.
 */
export class ShapedLine {
  readonly #options: LineOptions;
  readonly #up: Direction;
  readonly #down: Direction;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(options: LineOptions) {
    this.#options = options;
    this.#up = new Direction(options);
    this.#down = new Direction(options);
  }

  /** Returns the port that leads to `port` over the line. */
  async to(port: number, at = 0): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#carry(near, far, this.#up, this.#options.roundTrip);
      this.#carry(far, near, this.#down, 0);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** `opening`: milliseconds that the first bytes wait, because the kernel opens a local connection without delay. */
  #carry(from: Socket, to: Socket, direction: Direction, opening: number): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => this.#sockets.delete(from));
    const opened = new Promise<void>((resolve) => setTimeout(resolve, opening));
    const send = (bytes: number, arrive: () => void) => void opened.then(() => direction.send(bytes, arrive));
    from.on('data', (data) => send(data.length, () => to.writable && to.write(data)));
    from.on('end', () => send(0, () => to.end()));
  }
}
