/**
 * `WebSocket` for Node 20, which has none and libp2p's transport dials with the global one. Entries that dial from Node import
 * this file before they start a node; browsers and Node 22 never need it.
 *
 * `ws` throws an `error` event that nobody listens to as an uncaught exception; a browser's socket does not. libp2p does not
 * listen once a socket is open, so one garbage frame would end the process: a listener that does nothing makes them alike.
 * @module
 */

import { WebSocket as NodeSocket } from 'ws';

class QuietWebSocket extends NodeSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}

if (typeof globalThis.WebSocket === 'undefined') {
  Object.defineProperty(globalThis, 'WebSocket', { configurable: true, writable: true, value: QuietWebSocket });
}
