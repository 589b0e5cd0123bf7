import type { Clock } from '../../base/clock.ts';
import { sleep } from '../../base/clock.ts';
import { joinSignals } from '../../base/tasks.ts';
import { askBeside } from './ask-beside.ts';
import type { AskState } from './ask-beside.ts';
import { CodedError } from '../../base/coded-error.ts';

/** A value with the peer it came from, which is to blame if the value turns out wrong. */
export interface Fetched<Item, Value> {
  readonly item: Item;
  readonly value: Value;
  readonly peer: string;
}

/** No peer could deliver the item, however often the peers were asked. */
export class FetchFailed extends CodedError<'no-peers' | 'exhausted'> {
  override readonly name = 'FetchFailed';
}

export interface FetchOptions<Item, Value> {
  readonly items: readonly Item[];
  /** Maximum number of items fetched ahead of the consumer. */
  readonly inFlight: number;
  /** Peers that can be asked for an item now, best first. Read again before every attempt, because peers join and leave. */
  readonly peers: (item: Item) => readonly string[];
  /**
   * Gets and checks one item from one peer. Any error moves on to the next peer, except a `FetchFailed`, which gives the item up. The
   * callee decides whose fault it was. `at` tells where the question is, see `AskState`.
   */
  readonly fetch: (item: Item, peer: string, signal: AbortSignal, at: (state: AskState) => void) => Promise<Value>;
  readonly clock: Clock;
  /** The wait in milliseconds before attempt `attempt` (1 and up) of an item. */
  readonly wait: (attempt: number) => number;
  /** Milliseconds for which a peer may be silent before the next peer is asked beside it. Default: `askPatience`. */
  readonly patience?: (() => number) | undefined;
  /** Whether the peer was silent lately: it counts as having failed once already. */
  readonly silent?: ((peer: string) => boolean) | undefined;
  readonly signal: AbortSignal;
}

/** Attempts per item: one for each peer, but not less than 4 nor more than 12 (Albatross block reference, 6.4). */
export function attemptsFor(peers: number): number {
  return Math.min(12, Math.max(4, peers));
}

/**
 * Fetches the items from many peers at once and yields them in their own order. A peer that stalls costs its item the patience, then the
 * next peer is asked beside it. Memory is bounded by `inFlight` values. Throws `FetchFailed`, or the signal's reason.
 */
export async function* fetchInOrder<Item, Value>(options: FetchOptions<Item, Value>): AsyncGenerator<Fetched<Item, Value>, void, undefined> {
  const { items, inFlight } = options;
  // Aborted also when the consumer stops iterating, so that no item is fetched without a use.
  const own = new AbortController();
  const joined = joinSignals(options.signal, own.signal);
  const failures = new Map<string, number>();
  const ahead: Promise<Fetched<Item, Value>>[] = [];
  // One listener for all of them: a signal with many listeners is slow, and Node warns of it.
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
      // The promise is awaited later, or never if an earlier item fails; without this it would be an unhandled rejection.
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

/** `failures`: consecutive failures of each peer, over all items. A failing peer is asked again once the others have failed as often. */
async function fetchOne<Item, Value>(options: FetchOptions<Item, Value>, item: Item, index: number, failures: Map<string, number>, signal: AbortSignal): Promise<Fetched<Item, Value>> {
  let lastError: unknown;
  const failed = (peer: string) => (failures.get(peer) ?? 0) + Number(options.silent?.(peer) ?? false);
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) await sleep(options.clock, options.wait(attempt), signal);
    signal.throwIfAborted();
    const peers = options.peers(item);
    if (attempt >= attemptsFor(peers.length)) throw new FetchFailed('exhausted', `no peer gave the item in ${attempt} attempts: ${String(lastError)}`);
    if (peers.length === 0) {
      if (attempt >= 3) throw new FetchFailed('no-peers', 'nobody to ask');
      continue;
    }
    const fewest = Math.min(...peers.map(failed));
    const best = peers.filter((peer) => failed(peer) === fewest);
    // Items start at different peers, so that the load is spread.
    const peer = best[index % best.length]!;
    const asking = new Set<string>();
    const turns = new Set<string>();
    const counted = new Set<string>();
    /** Counts one failure of this peer with this item. */
    const fail = (turn: string) => {
      if (!counted.has(turn)) failures.set(turn, (failures.get(turn) ?? 0) + 1);
      counted.add(turn);
    };
    /** Peers may have joined meanwhile. */
    const next = () => {
      // Those that are silent so far. Other items need not wait for them.
      asking.forEach(fail);
      const all = turns.size === 0 ? peers : options.peers(item);
      const turn = turns.size === 0 ? peer : all.filter((other) => !turns.has(other)).toSorted((a, b) => failed(a) - failed(b))[0];
      if (turn === undefined || attempt + asking.size >= attemptsFor(all.length)) return undefined;
      turns.add(turn);
      asking.add(turn);
      return turn;
    };
    const ask = async (turn: string, own: AbortSignal, at: (state: AskState) => void): Promise<{ readonly value: Value } | { readonly error: unknown }> => {
      try {
        return { value: await options.fetch(item, turn, own, at) };
      } catch (error) {
        return { error };
      }
    };
    for await (const { peer: turn, answer } of askBeside({ clock: options.clock, next, ask, signal, patience: options.patience })) {
      signal.throwIfAborted();
      asking.delete(turn);
      if ('value' in answer) {
        failures.delete(turn);
        return { item, value: answer.value, peer: turn };
      }
      if (answer.error instanceof FetchFailed) throw answer.error;
      fail(turn);
      lastError = answer.error;
      // A peer that answers that it has nothing is not silent: if no other request is open, wait before the next peer is asked.
      if (asking.size === 0) break;
      attempt += 1;
    }
  }
}
