/**
 * A gateway of the local network: an HTTP server that answers as a Stacks node does (Stacks reference, 8).
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plain, type GatewayAnswer } from './answer.ts';
import { Quota } from './quota.ts';
import type { RequestLog } from './request-log.ts';
import { RETRY_AFTER, SLOW_DELAY, type GatewayFaults } from './stacks-faults.ts';

export interface GatewayServerOptions {
  readonly index: number;
  /** 0: a free one, which the gateway keeps when it is stopped and started. */
  readonly port: number;
  readonly log: RequestLog;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly faults: GatewayFaults;
  /** To a GET of this path with its query. */
  readonly answer: (path: string) => GatewayAnswer;
  /** Height of the newest block that the gateway has. */
  readonly tipHeight: () => number;
}

/** Of every answer, as a node sends it. */
const HEADERS = { server: 'stacks/2.0', 'access-control-allow-origin': '*', 'access-control-allow-headers': 'origin, content-type', 'access-control-allow-methods': 'POST, GET, OPTIONS' } as const;
/** Bytes of each piece of a body without an end. */
const PIECE = 65_536;

export class GatewayServer {
  readonly #options: GatewayServerOptions;
  #server: Server | undefined;
  #port: number;
  readonly #quota = new Quota();

  constructor(options: GatewayServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get running(): boolean {
    return this.#server !== undefined;
  }

  async listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => void this.#handle(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', () => resolve());
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, log, index, now, tipHeight } = this.#options;
    const path = request.url ?? '/';
    const noteStatus = log.add({ gateway: index, method: request.method ?? '', path, time: now() });
    const slow = faults.get('slow');
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow.delay ?? SLOW_DELAY).unref());
    if (response.destroyed) return;
    if (faults.has('gateway-down')) {
      request.socket.destroy();
      return;
    }
    const answer = this.#spoilt(request.method === 'GET' ? this.#answer(path) : { ...plain(405, 'Only GET is allowed on this path'), headers: { allow: 'GET' } });
    noteStatus(answer.status);
    response.writeHead(answer.status, { ...HEADERS, 'content-type': answer.type, 'x-canonical-stacks-tip-height': String(tipHeight()), ...answer.headers });
    if (faults.has('endless')) pour(response);
    else response.end(answer.body);
  }

  /** A failure of ours is told as one, and the gateway lives on. */
  #answer(path: string): GatewayAnswer {
    try {
      return this.#options.answer(path);
    } catch (error) {
      return plain(500, (error as Error).stack ?? String(error));
    }
  }

  #spoilt(answer: GatewayAnswer): GatewayAnswer {
    const { faults, now } = this.#options;
    const quota = faults.get('quota');
    if (quota) return this.#quota.apply(answer, quota, now());
    const limited = faults.get('rate-limited');
    if (limited) return { ...plain(429, 'Too many requests'), headers: { 'retry-after': String(limited.seconds ?? RETRY_AFTER), 'access-control-expose-headers': 'retry-after' } };
    if (faults.has('empty')) return { ...answer, status: 200, body: '' };
    return faults.has('html') ? { status: 200, type: 'text/html', body: '<!doctype html><title>Gateway</title><p>Please come back later.' } : answer;
  }
}

/** Sends as fast as the reader takes, until the reader goes. */
function pour(response: ServerResponse): void {
  const piece = new Uint8Array(PIECE);
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}
