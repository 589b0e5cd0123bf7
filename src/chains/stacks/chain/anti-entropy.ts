/**
 * Pushing blocks to those that lack them, and dropping surplus connections: as far as a client that serves other tabs or nodes has them (Stacks reference, 10 and
 * 13).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';

/** Milliseconds for which a block is not pushed to the same peer again. */
export const PUSH_INTERVAL = 3_600_000;
/** Pushes that are remembered; at the bound the oldest is forgotten, so that a block may be pushed again. */
const MAX_PUSHES = 10_000;

export class AntiEntropy {
  /** Peer and block, to when it was pushed; in the order of time. */
  readonly #pushed = new Map<string, number>();

  /** Which of these blocks to push to a peer now: what it lacks and was not sent in the last hour. Nothing in the initial download. */
  pushes(peer: string, lacking: readonly Hash[], now: number, isInitialDownload: boolean): readonly Hash[] {
    if (isInitialDownload) return [];
    return lacking.filter((id) => {
      const key = `${peer} ${id}`;
      if (now - (this.#pushed.get(key) ?? -Infinity) < PUSH_INTERVAL) return false;
      this.#pushed.delete(key);
      this.#pushed.set(key, now);
      if (this.#pushed.size > MAX_PUSHES) this.#pushed.delete(this.#pushed.keys().next().value!);
      return true;
    });
  }
}

export interface OpenConnection {
  readonly peer: string;
  /** A request or a download runs over it. */
  readonly isPinned: boolean;
  /** Milliseconds; when something useful last came over it. */
  readonly usedAt: number;
}

/** Prune: the connections to close so that `limit` stay, those unused for longest first. Pinned ones stay, also above the limit. */
export function connectionsToClose(connections: readonly OpenConnection[], limit: number): readonly string[] {
  const surplus = Math.max(0, connections.length - limit);
  const free = connections.filter(({ isPinned }) => !isPinned).toSorted((a, b) => a.usedAt - b.usedAt);
  return free.slice(0, surplus).map(({ peer }) => peer);
}
