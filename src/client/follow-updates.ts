import { type Clock, sleep } from '../base/clock.ts';
import type { TransactionUpdate, TransactionUpdates } from '../chains/albatross/chain/wallet-views.ts';
import type { Ask } from './ask.ts';

/** Milliseconds for which one question for updates waits, and until it is asked again after a failure. */
const WAIT = 60_000;
const RETRY = 2000;
/** Codes of failures that do not pass by themselves. */
const lasting: ReadonlySet<unknown> = new Set(['bad-argument', 'unknown-question']);

interface Follower {
  readonly addresses: readonly string[];
  readonly hashes: readonly string[];
  readonly listener: (update: TransactionUpdate) => void;
}

/**
 * What happens to transactions, for all listeners of a page by one call to the hub: the call waits until there is something, and a page has few
 * calls. The hub keeps updates for a page that asks late, and forgets addresses that no page asks for.
 */
export class FollowUpdates {
  readonly #ask: Ask;
  readonly #clock: Clock;
  readonly #ended: AbortSignal;
  readonly #followers = new Set<Follower>();
  #since: number | undefined;
  #round: AbortController | undefined;

  /** @param ended aborted when the page's client is closed. */
  constructor(ask: Ask, clock: Clock, ended: AbortSignal) {
    this.#ask = ask;
    this.#clock = clock;
    this.#ended = ended;
  }

  /** The returned function ends it. What can never be followed, such as a text that is no address, is reported as an uncaught error. */
  follow(addresses: readonly string[], hashes: readonly string[], listener: (update: TransactionUpdate) => void): () => void {
    const follower: Follower = { addresses, hashes, listener };
    const removed = new AbortController();
    const stop = () => {
      this.#ended.removeEventListener('abort', stop);
      removed.abort();
      if (this.#followers.delete(follower)) this.#restart();
    };
    this.#ended.addEventListener('abort', stop, { once: true });
    void this.#admit(follower, removed.signal);
    return stop;
  }

  /** Asks for these subjects alone first, so that wrong ones do not spoil the question of all. */
  async #admit(follower: Follower, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#followers.has(follower)) {
      try {
        const { next } = (await this.#ask('updates', [follower.addresses, follower.hashes, undefined], { signal })) as TransactionUpdates;
        this.#since ??= next;
        this.#followers.add(follower);
        this.#restart();
      } catch (error) {
        if (signal.aborted) return;
        if (lasting.has((error as { readonly code?: unknown }).code)) return report(error);
        await sleep(this.#clock, RETRY, signal).catch(() => undefined);
      }
    }
  }

  #restart(): void {
    this.#round?.abort(new Error('other subjects'));
    this.#round = undefined;
    if (this.#followers.size === 0) this.#since = undefined;
    if (this.#followers.size === 0 || this.#ended.aborted) return;
    const round = new AbortController();
    this.#round = round;
    void this.#run(round.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const followers = Array.from(this.#followers);
      const addresses = Array.from(new Set(followers.flatMap((follower) => follower.addresses)));
      const hashes = Array.from(new Set(followers.flatMap((follower) => follower.hashes)));
      try {
        const { updates, next } = (await this.#ask('updates', [addresses, hashes, this.#since], { signal, timeout: WAIT })) as TransactionUpdates;
        this.#since = next;
        for (const { subjects, ...update } of updates) {
          for (const follower of followers) {
            if (this.#followers.has(follower) && [...follower.addresses, ...follower.hashes].some((subject) => subjects.includes(subject))) call(follower.listener, update);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        // The time was up, or the hub is being replaced.
        if ((error as { readonly code?: unknown }).code !== 'deadline') await sleep(this.#clock, RETRY, signal).catch(() => undefined);
      }
    }
  }
}

/** An exception of a listener is reported as an uncaught one. */
function call(listener: (update: TransactionUpdate) => void, update: TransactionUpdate): void {
  try {
    listener(update);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
