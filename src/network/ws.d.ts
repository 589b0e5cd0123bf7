/** The parts of `ws` that `node-web-socket.ts` and the nodes of tests and local networks use; the package brings no types. */
declare module 'ws' {
  export class WebSocket {
    constructor(url: string, protocols?: string | string[], options?: { readonly closeTimeout?: number });
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'open', listener: () => void): this;
    on(event: 'message', listener: (data: Uint8Array, isBinary: boolean) => void): this;
    on(event: 'close', listener: (code: number, reason: Uint8Array) => void): this;
    readonly protocol: string;
    readonly bufferedAmount: number;
    send(data: Uint8Array | string): void;
    pause(): void;
    close(code?: number, reason?: string): void;
    terminate(): void;
  }
  export class WebSocketServer {
    constructor(options: { readonly host: string; readonly port: number; readonly maxPayload?: number; readonly perMessageDeflate?: boolean; readonly handleProtocols?: (protocols: Set<string>) => string | false });
    readonly clients: ReadonlySet<WebSocket>;
    address(): unknown;
    once(event: 'listening' | 'error', listener: (value?: unknown) => void): this;
    on(event: 'connection', listener: (socket: WebSocket) => void): this;
    close(done: (value?: unknown) => void): void;
  }
}
