import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A connection on loopback to a peer, through a proxy. */
export interface Line {
  /** Multiaddress of the proxy. */
  readonly address: string;
  /** From now on the line carries nothing, and neither end is told. */
  freeze(): void;
}

/** Lines to peers that listen on 127.0.0.1. They can be slow, and they can be frozen. */
export class Lines {
  readonly #oneWay: number;
  readonly #proxies: Server[] = [];
  readonly #sockets: Socket[] = [];

  /** `oneWay`: milliseconds that each byte is delayed. Bytes keep their order. */
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
