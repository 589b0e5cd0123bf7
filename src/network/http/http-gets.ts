import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/coded-error.ts';
import { Deadline } from '../../base/deadline.ts';
import { RequestError } from '../../engine/peers/peer-net.ts';
import type { Sized } from '../../engine/sync/sync-peer.ts';
import { RequestSlots } from '../request-slots.ts';
import { dropBody, readBody } from './read-body.ts';
import { RequestCounts } from './request-counts.ts';
import { isBusyStatus, restSeconds } from './rest-seconds.ts';
import { Rests } from './rests.ts';

/** Requests in flight to one server: what browsers open to a host over HTTP/1.1. A further one waits; `RequestSlots` has the bound of these. */
const IN_FLIGHT = 6;
/** Milliseconds for an answer, from when the request is sent to the last byte. Ours. */
const ANSWER_TIME = 15_000;

/** What a browser's `fetch` is, as far as it is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpGetsOptions {
  /** `https://host[:port][/path]`, without a slash at the end. */
  readonly base: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Shared by all that ask the same servers. Default: of its own. */
  readonly rests?: Rests | undefined;
  /** Likewise. */
  readonly counts?: RequestCounts | undefined;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  /** Bytes of the body at most; a longer one is `too-large`. */
  readonly limit: number;
  /** Milliseconds for the answer. Default 15 s. */
  readonly timeout?: number | undefined;
  /** What is under this path never changes, so that the browser may keep it. Default false. */
  readonly fixed?: boolean | undefined;
  /** Whether the bytes so far are enough; the rest is not read then. */
  readonly cut?: ((bytes: Uint8Array) => boolean) | undefined;
  /** Statuses that say that nothing is there. Default 404. */
  readonly absent?: readonly number[] | undefined;
}

/**
 * Simple GETs to one server: without headers of our own, so that a browser asks no preflight, without cookies and without redirects. While the server
 * wants to be left alone, nothing is sent.
 */
export class HttpGets {
  readonly base: string;
  readonly #options: HttpGetsOptions;
  readonly #slots = new RequestSlots(IN_FLIGHT);
  #received = 0;
  #latency: number | undefined;
  readonly #rests: Rests;
  readonly #counts: RequestCounts;

  constructor(options: HttpGetsOptions) {
    this.base = options.base;
    this.#options = options;
    this.#rests = options.rests ?? new Rests();
    this.#counts = options.counts ?? new RequestCounts();
  }

  /** Bytes of all bodies, also of those that were not read to their end. */
  get received(): number {
    return this.#received;
  }

  /** Milliseconds that the last answer took to its last byte; undefined before the first. */
  get latency(): number | undefined {
    return this.#latency;
  }

  /** Requests to the server in the last minute, and whether it is known to count them. */
  get use(): { readonly requests: number; readonly isCounted: boolean } {
    return { requests: this.#counts.recent(this.base, this.#options.clock.monotonic()), isCounted: this.#counts.isCounted(this.base) };
  }

  /**
   * The body under a path, which begins with a slash. Undefined: nothing is there. Rejects with `RequestError`, or with the signal's reason:
   * - `timeout`: the time is over.
   * - `disconnected`: no connection, a redirect, or an answer that this page may not read. A browser does not tell them apart.
   * - `rate-limited`: the server wants to be left alone for `data.seconds`; also without a request, until they are over.
   * - `refused`: any other status but 200; `data.status`.
   * - `too-large`: more bytes than the limit. `busy`: too many requests wait already.
   */
  bytes(path: string, options: GetOptions): Promise<Uint8Array | undefined> {
    return this.#slots.run(async () => {
      this.#mayAsk();
      const { clock } = this.#options;
      const { signal, timeout = ANSWER_TIME } = options;
      const deadline = new Deadline(clock, timeout, signal, () => new RequestError('timeout', `no answer within ${timeout} ms`, { milliseconds: timeout }));
      try {
        return await deadline.race(this.#ask(path, options, deadline.signal));
      } catch (error) {
        if (deadline.signal.aborted || error instanceof CodedError) throw error;
        throw new RequestError('disconnected', String(error).slice(0, 200), {}, { cause: error });
      } finally {
        deadline.clear();
      }
    }, options.signal);
  }

  /** The JSON under a path, unchecked, with the bytes of the body. As `bytes`, `refused` for no bytes at all, and `malformed` for what is no JSON in UTF-8. */
  async json(path: string, options: GetOptions): Promise<Sized<unknown> | undefined> {
    const bytes = await this.bytes(path, options);
    if (bytes === undefined) return undefined;
    // Such as of a proxy whose server is gone: it says nothing, neither right nor wrong.
    if (bytes.length === 0) throw new RequestError('refused', 'an answer without bytes');
    try {
      return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown, size: bytes.length };
    } catch {
      throw new RequestError('malformed', 'no JSON', { path: path.slice(0, 128) });
    }
  }

  async #ask(path: string, { limit, fixed = false, cut, absent = [404] }: GetOptions, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { fetch, clock } = this.#options;
    const sentAt = clock.monotonic();
    this.#counts.sent(this.base, sentAt);
    const response = await fetch(`${this.base}${path}`, {
      method: 'GET', mode: 'cors', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: fixed ? 'default' : 'no-store', signal,
    });
    this.#counts.answered(this.base, response);
    const seconds = restSeconds(response, clock.now());
    if (seconds !== undefined) this.#rests.add(this.base, clock.monotonic() + 1000 * seconds);
    const { status } = response;
    if (status === 200) {
      const bytes = await readBody(response, { limit, cut, signal, onBytes: (count) => (this.#received += count) });
      this.#latency = clock.monotonic() - sentAt;
      return bytes;
    }
    await dropBody(response);
    if (isBusyStatus(status)) this.#mayAsk();
    if (absent.includes(status)) return undefined;
    throw new RequestError('refused', `status ${status}`, { status });
  }

  #mayAsk(): void {
    const wait = this.#rests.until(this.base) - this.#options.clock.monotonic();
    if (wait <= 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new RequestError('rate-limited', `the server wants to be left alone for ${seconds} s`, { seconds });
  }
}
