/** Milliseconds in which requests are counted: public gateways count by the minute (docs.hiro.so, rate limits). */
export const WINDOW = 60_000;
/** Requests of a server in that time that are remembered; beyond it they are too many anyway. */
const MAX_TIMES = 1_024;
/** Servers that are remembered; at the bound the one that was asked least recently is forgotten. A client has at most 64 addresses. */
const MAX_SERVERS = 64;
/** Headers in which a server counts requests, also with `x-` before and what is counted behind (docs.hiro.so, response headers; draft-ietf-httpapi-ratelimit-headers). */
const COUNTERS = /^(?:x-)?ratelimit-(?:limit|remaining)(?:-|$)/u;

interface Server {
  /** Monotonic milliseconds, ascending. */
  readonly times: readonly number[];
  readonly counts: boolean;
}

/** How often servers were asked, and which of them count it. It outlives connections, and is shared by all that ask the same servers. */
export class RequestCounts {
  readonly #servers = new Map<string, Server>();

  /** A request was sent. `now`: monotonic milliseconds. */
  sent(server: string, now: number): void {
    const known = this.#servers.get(server);
    const times = [...(known?.times ?? []).filter((time) => time > now - WINDOW), now].slice(-MAX_TIMES);
    this.#servers.delete(server);
    this.#servers.set(server, { times, counts: known?.counts === true });
    if (this.#servers.size > MAX_SERVERS) this.#servers.delete(this.#servers.keys().next().value!);
  }

  /** An answer came. It may show that the server counts: it says so, or has had enough. */
  answered(server: string, { status, headers }: Pick<Response, 'status' | 'headers'>): void {
    const known = this.#servers.get(server);
    if (!known || known.counts) return;
    if (status === 429 || Array.from(headers.keys()).some((name) => COUNTERS.test(name))) this.#servers.set(server, { ...known, counts: true });
  }

  /** Whether the server is known to count requests. */
  isCounted(server: string): boolean {
    return this.#servers.get(server)?.counts === true;
  }

  /** Requests in the last minute. */
  recent(server: string, now: number): number {
    return (this.#servers.get(server)?.times ?? []).filter((time) => time > now - WINDOW).length;
  }
}
