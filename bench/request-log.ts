import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const channel = 'http.server.request.start';

/** The paths requested from one of this process's HTTP servers, in order, with repetitions. */
export class RequestLog {
  readonly #port: number;
  #paths: string[] = [];

  constructor(port: number) {
    this.#port = port;
    subscribe(channel, this.#note);
  }

  /** Returns the requests since the last call. */
  take(): readonly string[] {
    const paths = this.#paths;
    this.#paths = [];
    return paths;
  }

  close(): void {
    unsubscribe(channel, this.#note);
  }

  readonly #note = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    if (request.socket.localPort === this.#port) this.#paths.push(new URL(request.url ?? '/', 'http://local').pathname);
  };
}
