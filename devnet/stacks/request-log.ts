/** A request to a gateway, in the order of arrival. */
export interface LoggedRequest {
  /** Number of the gateway. */
  readonly gateway: number;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** What was answered; 0: the connection was cut. */
  readonly status: number;
}

/** Requests that are kept. At the bound the oldest are dropped. */
const MAX_REQUESTS = 100_000;

/** What clients asked: tests judge a client by it. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];

  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > MAX_REQUESTS) this.#requests.shift();
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
