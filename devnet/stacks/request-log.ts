/** A request to a gateway, in the order of arrival. */
export interface LoggedRequest {
  /** Number of the gateway. */
  readonly gateway: number;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** What was answered; 0: nothing, or nothing yet. */
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

  /** Returns what notes the status of the answer. */
  add(request: Omit<LoggedRequest, 'status'>): (status: number) => void {
    const logged = { ...request, status: 0 };
    this.#requests.push(logged);
    if (this.#requests.length > MAX_REQUESTS) this.#requests.shift();
    return (status) => {
      logged.status = status;
    };
  }

  clear(): void {
    this.#requests.length = 0;
  }
}
