/**
 * `WebSocket` for Node 20, which has none, while libp2p's transport dials with the global one. Entry files that dial from Node import this
 * file before they start a node; browsers and Node 22 never need it.
 *
 * `ws` throws an `error` event without a listener as an uncaught exception; a browser's socket does not. libp2p does not listen once a
 * socket is open, so one invalid frame would end the process. An empty listener makes both behave alike.
 * @module
 */

import { WebSocket as NodeSocket } from 'ws';

/** Milliseconds for the other side to answer our close frame; `ws` would wait 30 s, a browser handles it by itself. */
const CLOSE_TIMEOUT = 1000;

class QuietWebSocket extends NodeSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols, { closeTimeout: CLOSE_TIMEOUT });
    this.on('error', () => undefined);
  }
}

if (typeof globalThis.WebSocket === 'undefined') {
  Object.defineProperty(globalThis, 'WebSocket', { configurable: true, writable: true, value: QuietWebSocket });
}
