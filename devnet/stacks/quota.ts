// Tests: `devnet/stacks/stacks-faults.test.ts`.
import { plain, type GatewayAnswer } from './answer.ts';
import { QUOTA, RETRY_AFTER, type FaultSettings } from './stacks-faults.ts';

/** Counts the requests of a time, as public gateways do. */
export class Quota {
  #begin = -Infinity;
  #count = 0;

  /** The answer with the headers of the count, or 429 in its place. `now`: Unix milliseconds. */
  apply(answer: GatewayAnswer, { requests = QUOTA, seconds = RETRY_AFTER }: FaultSettings, now: number): GatewayAnswer {
    if (now - this.#begin >= 1000 * seconds) [this.#begin, this.#count] = [now, 0];
    this.#count += 1;
    const rest = String(Math.ceil((this.#begin + 1000 * seconds - now) / 1000));
    const counts = { 'ratelimit-limit': String(requests), 'ratelimit-remaining': String(Math.max(0, requests - this.#count)), 'ratelimit-reset': rest };
    const isOver = this.#count > requests;
    const headers = { ...counts, ...(isOver ? { 'retry-after': rest } : {}), 'access-control-expose-headers': [...Object.keys(counts), 'retry-after'].join(', ') };
    return isOver ? { ...plain(429, 'Too many requests'), headers } : { ...answer, headers: { ...answer.headers, ...headers } };
  }
}
