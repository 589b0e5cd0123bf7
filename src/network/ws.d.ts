/** The part of `ws` that `node-web-socket.ts` uses; the package brings no types. */
declare module 'ws' {
  export class WebSocket {
    constructor(url: string, protocols?: string | string[], options?: { readonly closeTimeout?: number });
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
