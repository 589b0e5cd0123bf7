/**
 * A gateway of the local network: an HTTP server that answers as a Stacks node does (Stacks reference, 8).
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAccount, answerState } from './answer-state.ts';
import { answerBlock, answerForkInfo, answerHeaders, answerTenure, answerTenureBlocks, answerTenureInfo, answerTenureTip, answerTransaction, type BlockAnswers } from './answer-blocks.ts';
import { answerInfo, answerPox, answerSortitions, answerStackerSet } from './answer-bitcoin.ts';
import { plain, type GatewayAnswer } from './answer.ts';
import { sentBlock, sentForId, sentProof, sentTenure, sentValue, toldSet } from './apply-faults.ts';
import type { ChainView } from './chain-view.ts';
import type { RequestLog } from './request-log.ts';
import { RETRY_AFTER, SLOW_DELAY, type GatewayFaults } from './stacks-faults.ts';

export interface GatewayServerOptions {
  readonly index: number;
  /** 0: a free one, which the gateway keeps when it is stopped and started. */
  readonly port: number;
  /** Bytes of an answer with a tenure at most. */
  readonly maxTenureBytes: number;
  readonly log: RequestLog;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly faults: GatewayFaults;
  readonly view: () => ChainView;
}

/** Of every answer, as a node sends it. */
const HEADERS = { server: 'stacks/2.0', 'access-control-allow-origin': '*', 'access-control-allow-headers': 'origin, content-type', 'access-control-allow-methods': 'POST, GET, OPTIONS' } as const;
/** Bytes of each piece of a body without an end. */
const PIECE = 65_536;

export class GatewayServer {
  readonly #options: GatewayServerOptions;
  #server: Server | undefined;
  #port: number;

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
    const { faults, log, index, now, view } = this.#options;
    const path = request.url ?? '/';
    const logged = { gateway: index, method: request.method ?? '', path, time: now() };
    const slow = faults.get('slow');
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow.delay ?? SLOW_DELAY).unref());
    if (response.destroyed) return;
    if (faults.has('gateway-down')) {
      log.add({ ...logged, status: 0 });
      request.socket.destroy();
      return;
    }
    const seen = view();
    const answer = this.#spoilt(request.method === 'GET' ? route(path, this.#options, seen) : { ...plain(405, 'Only GET is allowed on this path'), headers: { allow: 'GET' } });
    log.add({ ...logged, status: answer.status });
    response.writeHead(answer.status, { ...HEADERS, 'content-type': answer.type, 'x-canonical-stacks-tip-height': String(seen.tip.height), ...answer.headers });
    if (faults.has('endless')) pour(response);
    else response.end(answer.body);
  }

  #spoilt(answer: GatewayAnswer): GatewayAnswer {
    const { faults } = this.#options;
    const limited = faults.get('rate-limited');
    if (limited) return { ...plain(429, 'Too many requests'), headers: { 'retry-after': String(limited.seconds ?? RETRY_AFTER) } };
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

function route(path: string, { faults, maxTenureBytes }: GatewayServerOptions, seen: ChainView): GatewayAnswer {
  const { pathname, searchParams: query } = new URL(path, 'http://gateway');
  const [version, topic = '', ...parts] = pathname.slice(1).split('/').map((part) => decodeURIComponent(part));
  const [first = '', second = '', third = ''] = parts;
  const { chain } = seen;
  const blocks: BlockAnswers = {
    view: seen, maxBytes: maxTenureBytes, sent: (block) => sentBlock(block, chain, faults), sentForId: (block) => sentForId(block, faults), sentTenure: (list) => sentTenure(list, faults),
  };
  const state = { view: seen, sentProof: (proof: Uint8Array) => sentProof(proof, faults), sentValue: (text: string) => sentValue(text, faults) };
  switch (`${version}/${topic}`) {
    case 'v2/info':
      return answerInfo(seen);
    case 'v2/pox':
      return answerPox(seen);
    case 'v2/headers':
      return answerHeaders(seen, first, query.get('tip'));
    case 'v2/accounts':
      return answerAccount(state, first, query);
    case 'v2/clarity':
      return first === 'marf' ? answerState(state, second, query) : plain(404, 'No such path');
    case 'v3/sortitions':
      return answerSortitions(seen, parts);
    case 'v3/stacker_set':
      return answerStackerSet(seen, first, (set) => toldSet(set, chain, faults));
    case 'v3/blocks':
      return answerBlock(blocks, parts);
    case 'v3/transaction':
      return answerTransaction(blocks, first);
    case 'v3/tenures':
      if (first === 'info') return answerTenureInfo(seen);
      if (first === 'tip' || first === 'tip_metadata') return answerTenureTip(blocks, second, first === 'tip_metadata');
      if (first === 'blocks') return answerTenureBlocks(seen, parts.slice(1));
      if (first === 'fork_info') return answerForkInfo(seen, second, third);
      return answerTenure(blocks, first, query.get('stop'));
    default:
      return plain(404, 'No such path');
  }
}
