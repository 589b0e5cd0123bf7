// Tests: `src/chains/albatross/net/limits.test.ts`, `src/chains/albatross/net/requests.test.ts`.
import type { Connection, Stream } from '@libp2p/interface';
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import { decodeRequest, encodeResponse, encodeResponseError, MAX_REQUEST_SIZE, RATE_LIMIT_WINDOW, requests } from '../wire/requests.ts';
import type { DecodedRequest, RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import type { Clock } from '../../../base/clock.ts';
import { Deadline } from '../../../base/deadline.ts';
import { FixedWindows } from '../../../network/rate-window.ts';
import { StreamError, StreamReader } from '../../../network/stream-reader.ts';
import { endGently, framed, framedLength, LENGTH_SIZE } from './reqres-frame.ts';

/** Milliseconds in which the request must be read, and the same for the peer to read the answer; the requester has given up by then. */
const STREAM_TIMEOUT = 10_000;
/** Requests of one kind handled at once (Albatross network reference, 3.1). Further ones are answered `rate-limited`. */
const MAX_HANDLED = 64;
/**
 * Requests of one peer handled or being answered at once, so that one peer cannot take up all places; our own client has 16 under way.
 * Further ones are answered `rate-limited`.
 */
const MAX_HANDLED_PER_PEER = 32;
/** Stalled streams kept per connection; older ones are reset. */
const MAX_STALLED = 64;

export interface RequestMeta {
  /** Unique in this node. */
  readonly requestId: string;
  readonly connectionId: string;
}

/**
 * A handler's answer to a request: the decoded body of the answer; `raw`: bytes in its place (they follow the length on the wire, so a
 * well-formed answer starts with the outer result's tag); `frame`: bytes written as they are, without length; `stall`: never answered, the
 * stream stays open; `reset`: the stream is reset.
 */
export type HandlerAnswer<K extends RequestKind> = ResponseBody<K> | { readonly raw: Uint8Array } | { readonly frame: Uint8Array } | 'stall' | 'reset';

export type RequestHandler<K extends RequestKind> = (body: RequestBody<K>, from: PeerId, meta: RequestMeta) => Promise<HandlerAnswer<K>>;

/** How a request ended on our side. */
export type RequestOutcome = 'answered' | 'no-receiver' | 'rate-limited' | 'malformed' | 'too-large' | 'stalled' | 'reset' | 'handler-failed' | 'gone';

export type ReceivedRequest = { readonly [K in RequestKind]: { readonly from: PeerId; readonly requestId: string; readonly connectionId: string; readonly kind: K; readonly body: RequestBody<K> } }[RequestKind];

export interface RequestServerHooks {
  /** A well-formed request of a known kind came, whether or not it will be answered. */
  received(request: ReceivedRequest): void;
  finished(request: { readonly from: PeerId; readonly requestId: string; readonly connectionId: string; readonly kind: RequestKind | 'unknown'; readonly outcome: RequestOutcome }): void;
}

/** Answers peers' requests by handlers, within the limits of a 2.x node. */
export class RequestServer {
  readonly #clock: Clock;
  readonly #hooks: RequestServerHooks;
  readonly #windows: FixedWindows;
  readonly #handlers = new Map<RequestKind, { readonly handler: RequestHandler<RequestKind>; readonly serves: (peer: PeerId) => boolean }>();
  readonly #running = new Map<RequestKind, number>();
  readonly #runningOf = new Map<PeerId, number>();
  readonly #stalled = new Map<string, Stream[]>();
  #nextId = 1;

  /** `window`: milliseconds of the window that the requests' limits (`perWindow`) apply to. */
  constructor(clock: Clock, hooks: RequestServerHooks, window: number = RATE_LIMIT_WINDOW) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#windows = new FixedWindows(clock, window);
  }

  /** One handler per kind; a second one replaces the first. For peers that it does not serve, the kind has no handler. */
  handle<K extends RequestKind>(kind: K, handler: RequestHandler<K>, serves: (peer: PeerId) => boolean = () => true): void {
    // Sound because a handler is only ever called with bodies of its own kind.
    this.#handlers.set(kind, { handler: handler as unknown as RequestHandler<RequestKind>, serves });
  }

  /** Serves one stream. Never rejects, whatever the peer does. */
  async serve(stream: Stream, connection: Connection): Promise<void> {
    const meta = { from: connection.remotePeer.toString(), requestId: `r${this.#nextId++}`, connectionId: connection.id };
    const deadline = new Deadline(this.#clock, STREAM_TIMEOUT, undefined, () => new StreamError('ended', `no request within ${STREAM_TIMEOUT} ms`));
    let kind: RequestKind | 'unknown' = 'unknown';
    let outcome: RequestOutcome = 'gone';
    try {
      const reader = new StreamReader(stream, MAX_REQUEST_SIZE + LENGTH_SIZE + 1024);
      const length = framedLength(await reader.read(LENGTH_SIZE, deadline.signal));
      if (length > MAX_REQUEST_SIZE) throw new StreamError('too-large', `a request of ${length} bytes`);
      const payload = await reader.read(length, deadline.signal);
      deadline.clear();
      const request = this.#decode(payload);
      if (request !== undefined && 'kind' in request) kind = request.kind;
      outcome = await this.#answer(stream, request, meta);
    } catch (error) {
      outcome = error instanceof StreamError && error.code === 'too-large' ? 'too-large' : 'gone';
    } finally {
      deadline.clear();
    }
    // Every outcome without an answer, except a stall, resets the stream at once. Official nodes do not answer undecodable requests either.
    if (outcome === 'malformed' || outcome === 'too-large' || outcome === 'gone' || outcome === 'handler-failed' || outcome === 'reset') stream.abort(new Error(outcome));
    else if (outcome !== 'stalled') endGently(this.#clock, stream);
    this.#hooks.finished({ ...meta, kind, outcome });
  }

  #decode(payload: Uint8Array): DecodedRequest | undefined {
    try {
      return decodeRequest(payload);
    } catch {
      return undefined;
    }
  }

  async #answer(stream: Stream, request: DecodedRequest | undefined, meta: RequestMeta & { readonly from: PeerId }): Promise<RequestOutcome> {
    if (request === undefined) return 'malformed';
    if (!('kind' in request)) {
      await this.#send(stream, framed(encodeResponseError('no-receiver')));
      return 'no-receiver';
    }
    const { kind } = request;
    this.#hooks.received({ ...meta, ...request } as ReceivedRequest);
    const { handler, serves } = this.#handlers.get(kind) ?? {};
    if (handler === undefined || serves?.(meta.from) !== true) {
      await this.#send(stream, framed(encodeResponseError('no-receiver')));
      return 'no-receiver';
    }
    const running = this.#running.get(kind) ?? 0;
    const ofPeer = this.#runningOf.get(meta.from) ?? 0;
    if (!this.#windows.admit(`${meta.from} ${kind}`, requests[kind].perWindow) || running >= MAX_HANDLED || ofPeer >= MAX_HANDLED_PER_PEER) {
      await this.#send(stream, framed(encodeResponseError('rate-limited')));
      return 'rate-limited';
    }
    this.#runningOf.set(meta.from, ofPeer + 1);
    try {
      return await this.#handle(stream, request, handler, meta);
    } finally {
      const left = (this.#runningOf.get(meta.from) ?? 1) - 1;
      if (left > 0) this.#runningOf.set(meta.from, left);
      else this.#runningOf.delete(meta.from);
    }
  }

  async #handle(stream: Stream, { kind, body }: Extract<DecodedRequest, { kind: RequestKind }>, handler: RequestHandler<RequestKind>, meta: RequestMeta & { readonly from: PeerId }): Promise<RequestOutcome> {
    let frame: Uint8Array | 'stall' | 'reset';
    this.#running.set(kind, (this.#running.get(kind) ?? 0) + 1);
    try {
      const answer = await handler(body, meta.from, { requestId: meta.requestId, connectionId: meta.connectionId });
      frame = this.#frame(kind, answer);
    } catch {
      return 'handler-failed';
    } finally {
      this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1);
    }
    if (frame === 'reset') return 'reset';
    if (frame === 'stall') {
      this.#stall(meta.connectionId, stream);
      return 'stalled';
    }
    await this.#send(stream, frame);
    return 'answered';
  }

  #frame(kind: RequestKind, answer: HandlerAnswer<RequestKind>): Uint8Array | 'stall' | 'reset' {
    if (answer === 'stall' || answer === 'reset') return answer;
    if ('raw' in answer) return framed(answer.raw);
    if ('frame' in answer) return answer.frame;
    return framed(encodeResponse(kind, answer));
  }

  /** Writes and ends our side; at most 10 s, so that a peer that does not read cannot keep answers in memory. */
  async #send(stream: Stream, frame: Uint8Array): Promise<void> {
    const deadline = new Deadline(this.#clock, STREAM_TIMEOUT, undefined, () => new StreamError('ended', 'the answer was not taken off'));
    try {
      stream.send(frame);
      await deadline.race(stream.close({ signal: deadline.signal }));
    } finally {
      deadline.clear();
    }
  }

  #stall(connectionId: string, stream: Stream): void {
    const streams = this.#stalled.get(connectionId) ?? [];
    this.#stalled.set(connectionId, streams);
    streams.push(stream);
    if (streams.length > MAX_STALLED) streams.shift()?.abort(new Error('too many stalled requests'));
    stream.addEventListener('close', () => {
      const index = streams.indexOf(stream);
      if (index >= 0) streams.splice(index, 1);
      if (streams.length === 0) this.#stalled.delete(connectionId);
    });
  }
}
