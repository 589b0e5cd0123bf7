/**
 * Requests that wait for their answers on one connection, matched by an id. Answers may come in any order.
 * @module
 */

import type { Clock } from '../../base/clock.ts';
import { RequestError } from '../../engine/peers/peer-net.ts';

interface Pending<A> {
  /** The chain's own word for what was asked, for the check of the answer's kind. */
  readonly kind: number;
  readonly sentAt: number;
  settle(): void;
  resolve(answer: A): void;
  reject(error: Error): void;
}

export interface PendingOptions {
  readonly clock: Clock;
  /** Requests in flight at most; a further one is rejected with `busy`. */
  readonly limit: number;
  /** Milliseconds for an answer. */
  readonly timeout: number;
  /** The first id; ids ascend by one. Default 1. */
  readonly firstId?: number;
  /** Ids start anew after this one. Default 2^32 - 1. */
  readonly lastId?: number;
}

/** What came of an answer: `late`: its request was given up. `unknown`: nothing was asked under this id. `wrong-kind`: something else was asked; the request waits on. */
export type Matched = 'matched' | 'late' | 'unknown' | 'wrong-kind';

/** Ids of given-up requests that are remembered, so that a late answer is no offence. At the bound the oldest is forgotten. */
const MAX_GIVEN_UP = 256;

/** `A`: an answer. */
export class PendingRequests<A> {
  readonly #options: PendingOptions;
  readonly #pending = new Map<number, Pending<A>>();
  readonly #givenUp = new Set<number>();
  #next: number;
  #latency: number | undefined;
  #closed: Error | undefined;

  constructor(options: PendingOptions) {
    this.#options = options;
    this.#next = options.firstId ?? 1;
  }

  /** Requests in flight. */
  get size(): number {
    return this.#pending.size;
  }

  /** Milliseconds that the last answer took; undefined before the first. */
  get latency(): number | undefined {
    return this.#latency;
  }

  /**
   * Sends a request under a new id, and resolves with its answer. Rejects with `RequestError` (`busy`, `timeout`, `disconnected`), with what
   * `send` throws, or with the signal's reason.
   * @param kind is what `answer` must name.
   */
  ask(kind: number, send: (id: number) => void, { signal, timeout = this.#options.timeout }: { readonly signal: AbortSignal; readonly timeout?: number | undefined }): Promise<A> {
    const { clock, limit } = this.#options;
    return new Promise<A>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (this.#closed) return reject(this.#closed);
      if (this.#pending.size >= limit) return reject(new RequestError('busy', `${limit} requests in flight`, { limit }));
      const id = this.#takeId();
      const settle = () => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        this.#pending.delete(id);
      };
      const giveUp = (error: Error) => {
        settle();
        this.#forget(id);
        reject(error);
      };
      const onAbort = () => giveUp(signal.reason as Error);
      const cancel = clock.after(timeout, () => giveUp(new RequestError('timeout', `no answer within ${timeout} ms`, { milliseconds: timeout })));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, { kind, sentAt: clock.monotonic(), settle, resolve, reject });
      try {
        send(id);
      } catch (error) {
        settle();
        reject(error as Error);
      }
    });
  }

  /** Gives an answer to its request. What is not `matched` or `late` breaks a rule of the protocol, and the caller reports it. */
  answer(id: number, kind: number, answer: A): Matched {
    const pending = this.#take(id, kind);
    if (typeof pending === 'string') return pending;
    pending.resolve(answer);
    return 'matched';
  }

  /** Rejects the request: the peer answered with an error, or with something that breaks a rule. `kind` undefined: whatever was asked. */
  fail(id: number, kind: number | undefined, error: Error): Matched {
    const pending = this.#take(id, kind);
    if (typeof pending === 'string') return pending;
    pending.reject(error);
    return 'matched';
  }

  /** The connection has ended: every request is rejected with `error`, and so is every later one. */
  close(error: Error = new RequestError('disconnected', 'the connection has ended')): void {
    this.#closed ??= error;
    for (const pending of Array.from(this.#pending.values())) {
      pending.settle();
      pending.reject(error);
    }
  }

  #take(id: number, kind: number | undefined): Pending<A> | Exclude<Matched, 'matched'> {
    const pending = this.#pending.get(id);
    if (pending === undefined) return this.#givenUp.delete(id) ? 'late' : 'unknown';
    if (kind !== undefined && pending.kind !== kind) return 'wrong-kind';
    pending.settle();
    this.#latency = this.#options.clock.monotonic() - pending.sentAt;
    return pending;
  }

  #takeId(): number {
    const { firstId = 1, lastId = 0xffff_ffff } = this.#options;
    while (this.#pending.has(this.#next)) this.#next = this.#next >= lastId ? firstId : this.#next + 1;
    const id = this.#next;
    this.#next = id >= lastId ? firstId : id + 1;
    this.#givenUp.delete(id);
    return id;
  }

  #forget(id: number): void {
    this.#givenUp.add(id);
    if (this.#givenUp.size <= MAX_GIVEN_UP) return;
    for (const oldest of this.#givenUp) {
      this.#givenUp.delete(oldest);
      return;
    }
  }
}
