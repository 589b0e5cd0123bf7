import type { Connection } from '@libp2p/interface';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { AskedOptions } from '../sync/net.ts';
import type { PeerId, RequestErrorCode } from '../../../engine/peers/peer-net.ts';
import type { AnswerLimits } from '../wire/exchange.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { decodeResponse, encodeRequest, MAX_RESPONSE_SIZE, RATE_LIMIT_WINDOW, requests } from '../wire/requests.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import type { Clock } from '../../../base/clock.ts';
import { sleep } from '../../../base/clock.ts';
import { Deadline } from '../../../base/deadline.ts';
import { SlidingWindows } from '../../../network/rate-window.ts';
import { StreamError, StreamReader } from '../../../network/stream-reader.ts';
import { endGently, framed, framedLength, LENGTH_SIZE, REQRES_PROTOCOL } from './reqres-frame.ts';

/** Milliseconds; the official nodes' own time-out (Albatross network reference, 3.1). */
export const REQUEST_TIMEOUT = 10_000;
/** Requests to one peer under way at once; the rest wait in order. */
const MAX_IN_FLIGHT = 16;
/** Requests to one peer that wait or are under way; further ones fail with `busy`. */
const MAX_QUEUED = 256;
/** Milliseconds added to the server's window: requests may be delayed on their way and then arrive closer together. */
const WINDOW_MARGIN = 500;

/** Milliseconds to wait, after a stream broke, for the end of its connection, which may have been the cause. */
export const CLOSE_PATIENCE = 250;

/** `timeout`: milliseconds in all, waiting included. Default 10 s. */
export type RequestOptions = AskedOptions;

/** Our requests to peers: one stream each, within the peers' rate limits. */
export class RequestClient {
  readonly #clock: Clock;
  readonly #closePatience: number;
  readonly #windows: SlidingWindows;
  readonly #peers = new Map<PeerId, { inFlight: number; readonly waiting: (() => void)[] }>();

  /** Called with the milliseconds from the request's last byte sent to the answer's last byte read. */
  onLatency: (peer: PeerId, ms: number) => void = () => undefined;

  /** Called with the size of every complete answer, in bytes. */
  onAnswer: (peer: PeerId, bytes: number) => void = () => undefined;

  /** @param closePatience milliseconds after a broken stream within which the end of its connection is what broke it. */
  constructor(clock: Clock, closePatience: number = CLOSE_PATIENCE) {
    this.#clock = clock;
    this.#closePatience = closePatience;
    this.#windows = new SlidingWindows(clock, RATE_LIMIT_WINDOW + WINDOW_MARGIN);
  }

  /**
   * Asks the peer at the other end of the connection that `connectionOf` gives (looked up when it is our turn). Throws
   * `RequestError`, or the signal's reason.
   */
  async request<K extends RequestKind>(peer: PeerId, connectionOf: () => Connection | undefined, kind: K, body: RequestBody<K>, options: RequestOptions = {}): Promise<ResponseBody<K>> {
    options.signal?.throwIfAborted();
    const timeout = options.timeout ?? REQUEST_TIMEOUT;
    const { perWindow } = requests[kind];
    const limitKey = `${peer} ${kind}`;
    const release = this.#enter(peer);
    const deadline = new Deadline(this.#clock, timeout, options.signal, () => new RequestError('timeout', `no answer to ${kind} within ${timeout} ms`));
    try {
      await deadline.race(release.turn);
      const wait = this.#windows.reserve(limitKey, perWindow, timeout);
      if (wait === undefined) throw new RequestError('rate-limited', `no place for another ${kind} request within ${timeout} ms`);
      if (wait > 0) await sleep(this.#clock, wait, deadline.signal);
      const connection = connectionOf();
      if (connection === undefined) throw new RequestError('disconnected', 'the peer is not connected');
      options.onSent?.();
      const payload = await deadline.race(this.#exchange(peer, connection, encodeRequest(kind, body), deadline));
      return this.#decode(kind, payload, body, options, limitKey);
    } finally {
      deadline.clear();
      release.done();
    }
  }

  #decode<K extends RequestKind>(kind: K, payload: Uint8Array, asked: RequestBody<K>, limits: AnswerLimits, limitKey: string): ResponseBody<K> {
    let answer: ReturnType<typeof decodeResponse<K>>;
    try {
      answer = decodeResponse(kind, payload, asked, limits);
    } catch (error) {
      throw new RequestError(error instanceof DecodeError && error.code === 'length-over-limit' ? 'too-large' : 'malformed', error instanceof Error ? error.message : String(error));
    }
    if (answer.ok) return answer.value;
    if (answer.error === 'rate-limited') this.#windows.exhaust(limitKey, requests[kind].perWindow);
    const code: RequestErrorCode = answer.error === 'no-receiver' || answer.error === 'rate-limited' ? answer.error : 'refused';
    throw new RequestError(code, `the peer answered ${answer.error}`);
  }

  /** A place in the peer's queue: `turn` resolves when the request may go, `done` gives the place back whether or not it went. */
  #enter(peer: PeerId): { turn: Promise<void>; done(): void } {
    const queue = this.#peers.get(peer) ?? { inFlight: 0, waiting: [] };
    if (queue.inFlight + queue.waiting.length >= MAX_QUEUED) throw new RequestError('busy', `${MAX_QUEUED} requests to this peer are under way`);
    this.#peers.set(peer, queue);
    let state: 'waiting' | 'running' | 'done' = 'waiting';
    let start: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      start = () => {
        state = 'running';
        queue.inFlight++;
        resolve();
      };
    });
    if (queue.inFlight < MAX_IN_FLIGHT) start();
    else queue.waiting.push(start);
    return {
      turn,
      done: () => {
        if (state === 'running') {
          queue.inFlight--;
          queue.waiting.shift()?.();
        } else if (state === 'waiting') {
          queue.waiting.splice(queue.waiting.indexOf(start), 1);
        }
        state = 'done';
        if (queue.inFlight === 0 && queue.waiting.length === 0) this.#peers.delete(peer);
      },
    };
  }

  /** Whether the connection is closed or closes within the patience for that. If the other side closes it, its streams end first; that is not the peer's fault. */
  #closes(connection: Connection): Promise<boolean> {
    if (connection.status !== 'open') return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#clock.after(this.#closePatience, () => {
        connection.removeEventListener('close', onClose);
        resolve(false);
      });
      const onClose = () => {
        cancel();
        resolve(true);
      };
      connection.addEventListener('close', onClose, { once: true });
    });
  }

  /** One exchange on one stream: send the request, end our side, read the answer. */
  async #exchange(peer: PeerId, connection: Connection, payload: Uint8Array, deadline: Deadline): Promise<Uint8Array> {
    const { signal } = deadline;
    let stream: Awaited<ReturnType<Connection['newStream']>> | undefined;
    let answered = false;
    let gotLength = false;
    try {
      stream = await connection.newStream(REQRES_PROTOCOL, { signal });
      const reader = new StreamReader(stream, MAX_RESPONSE_SIZE + LENGTH_SIZE + 1024);
      stream.send(framed(payload));
      await stream.close({ signal });
      const sent = this.#clock.monotonic();
      const length = framedLength(await reader.read(LENGTH_SIZE, signal));
      gotLength = true;
      if (length > MAX_RESPONSE_SIZE) throw new RequestError('too-large', `an answer of ${length} bytes`);
      const answer = await reader.read(length, signal);
      answered = true;
      this.onLatency(peer, this.#clock.monotonic() - sent);
      this.onAnswer(peer, length);
      return answer;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof RequestError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      // Nothing more comes on this stream, so from now on only the patience counts.
      deadline.lift();
      if (await this.#closes(connection)) throw new RequestError('disconnected', message);
      if (error instanceof StreamError && error.code === 'too-large') throw new RequestError('too-large', message);
      throw new RequestError(gotLength ? 'malformed' : 'refused', message);
    } finally {
      if (stream !== undefined) {
        if (answered) endGently(this.#clock, stream);
        else stream.abort(new RequestError('refused', 'the request is over'));
      }
    }
  }
}
