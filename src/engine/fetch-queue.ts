import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import { joinSignals } from './tasks.ts';

/** A value with the peer it came from: who is to blame when it turns out wrong. */
export interface Fetched<Item, Value> {
  readonly item: Item;
  readonly value: Value;
  readonly peer: string;
}

/** An item that no peer could give, however often they were asked. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
  readonly code: 'no-peers' | 'exhausted';
  constructor(code: 'no-peers' | 'exhausted', message: string) {
    super(message);
    this.code = code;
  }
}

export interface FetchOptions<Item, Value> {
  readonly items: readonly Item[];
  /** Fetched ahead of the consumer, at most. */
  readonly inFlight: number;
  /** Who can be asked for an item now, best first. Read again before every attempt, for peers come and go. */
  readonly peers: (item: Item) => readonly string[];
  /**
   * Gets and checks one item from one peer. Any throw moves on to the next peer, but for a `FetchFailed`, which gives the item up; the
   * callee tells apart whose fault it was.
   */
  readonly fetch: (item: Item, peer: string, signal: AbortSignal) => Promise<Value>;
  readonly clock: Clock;
  /** The wait in milliseconds before attempt `attempt` (1 and up) of an item. */
  readonly wait: (attempt: number) => number;
  readonly signal: AbortSignal;
}

/** Attempts per item: one for each peer, but not less than 4 nor more than 12 (Albatross block reference, 6.4). */
export function attemptsFor(peers: number): number {
  return Math.min(12, Math.max(4, peers));
}

/**
 * Fetches the items from many peers at once and yields them in their own order. One peer that stalls costs its item one deadline, then
 * the next peer is asked. Memory is bounded by `inFlight` values. Throws `FetchFailed`, or the signal's reason.
 */
export async function* fetchInOrder<Item, Value>(options: FetchOptions<Item, Value>): AsyncGenerator<Fetched<Item, Value>, void, undefined> {
  const { items, inFlight } = options;
  // Also ended when the consumer walks away, so that nothing goes on being fetched for nobody.
  const own = new AbortController();
  const joined = joinSignals(options.signal, own.signal);
  const failures = new Map<string, number>();
  const ahead: Promise<Fetched<Item, Value>>[] = [];
  // One listener for all of them: a signal with many is slow, and Node warns of it.
  const fetching = new Set<AbortController>();
  const onAbort = () => {
    for (const controller of fetching) controller.abort(joined.signal.reason);
  };
  joined.signal.addEventListener('abort', onAbort, { once: true });
  let next = 0;
  const fill = () => {
    while (next < items.length && ahead.length < Math.max(1, inFlight)) {
      const controller = new AbortController();
      if (joined.signal.aborted) controller.abort(joined.signal.reason);
      fetching.add(controller);
      const promise = fetchOne(options, items[next]!, next, failures, controller.signal).finally(() => fetching.delete(controller));
      // It is awaited later, or never when an earlier one fails.
      promise.catch(() => {});
      ahead.push(promise);
      next += 1;
    }
  };
  try {
    fill();
    while (ahead.length > 0) {
      const fetched = await ahead.shift()!;
      fill();
      yield fetched;
    }
  } finally {
    own.abort(new FetchFailed('exhausted', 'no longer wanted'));
    joined.release();
  }
}

/** `failures`: of each peer, in a row, over all items: whoever fails is asked again when the others have failed as often. */
async function fetchOne<Item, Value>(options: FetchOptions<Item, Value>, item: Item, index: number, failures: Map<string, number>, signal: AbortSignal): Promise<Fetched<Item, Value>> {
  let lastError: unknown;
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) await sleep(options.clock, options.wait(attempt), signal);
    signal.throwIfAborted();
    const peers = options.peers(item);
    if (attempt >= attemptsFor(peers.length)) throw new FetchFailed('exhausted', `no peer gave the item in ${attempt} attempts: ${String(lastError)}`);
    if (peers.length === 0) {
      if (attempt >= 3) throw new FetchFailed('no-peers', 'nobody to ask');
      continue;
    }
    const fewest = Math.min(...peers.map((peer) => failures.get(peer) ?? 0));
    const best = peers.filter((peer) => (failures.get(peer) ?? 0) === fewest);
    // Items start at different peers, so that the load is spread.
    const peer = best[index % best.length]!;
    try {
      const value = await options.fetch(item, peer, signal);
      failures.delete(peer);
      return { item, value, peer };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FetchFailed) throw error;
      failures.set(peer, (failures.get(peer) ?? 0) + 1);
      lastError = error;
    }
  }
}
