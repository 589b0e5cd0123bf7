/** The parts of `ws` that `node-web-socket.ts` and the toy chain's node (tests) use; the package brings no types. */
declare module 'ws' {
  export class WebSocket {
    constructor(url: string, protocols?: string | string[], options?: { readonly closeTimeout?: number });
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'message', listener: (data: Uint8Array) => void): this;
    send(data: Uint8Array): void;
    terminate(): void;
  }
  export class WebSocketServer {
    constructor(options: { readonly host: string; readonly port: number });
    readonly clients: ReadonlySet<WebSocket>;
    address(): unknown;
    once(event: 'listening', listener: (value?: unknown) => void): this;
    on(event: 'connection', listener: (socket: WebSocket) => void): this;
    close(done: (value?: unknown) => void): void;
  }
}
