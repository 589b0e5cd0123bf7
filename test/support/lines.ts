import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A way on loopback to a peer. */
export interface Line {
  /** Multiaddress of its near end. */
  readonly address: string;
  /** From now on it carries nothing, and says nothing of that to either end. */
  freeze(): void;
}

/** Lines to peers that listen on 127.0.0.1: slow ones, and such as can be frozen. */
export class Lines {
  readonly #oneWay: number;
  readonly #proxies: Server[] = [];
  readonly #sockets: Socket[] = [];

  /** `oneWay`: milliseconds that a byte takes from one end to the other. Bytes keep their order. */
  constructor(oneWay = 0) {
    this.#oneWay = oneWay;
  }

  /** `address`: the peer's multiaddress. */
  async to(address: string): Promise<Line> {
    const port = Number(/tcp\/(\d+)/.exec(address)![1]);
    let frozen = false;
    const later = (work: () => void) => setTimeout(() => !frozen && work(), this.#oneWay);
    const proxy = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]] as const) {
        this.#sockets.push(from);
        from.on('error', () => undefined);
        from.on('data', (data) => later(() => to.writable && to.write(data)));
        from.on('close', () => later(() => to.destroy()));
      }
    });
    this.#proxies.push(proxy);
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    return { address: `/ip4/127.0.0.1/tcp/${(proxy.address() as AddressInfo).port}/ws`, freeze: () => (frozen = true) };
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    for (const proxy of this.#proxies.splice(0)) proxy.close();
  }
}
