import type { Clock } from '../src/base/clock.ts';
import { FixedWindows } from '../src/network/rate-window.ts';

/** Milliseconds. The exact window of 2.x nodes is not known; the official client counts headers in a window of this length. */
const WINDOW = 10_000;
/**
 * Messages per topic that a 2.x node accepts from one peer in a window. No limit is known for the transaction topics. Albatross
 * network reference, 4.2.
 */
const MAX_MESSAGES: Readonly<Record<string, number>> = { 'block-header': 20 };

/** Limits the gossip messages that a peer accepts from each other peer. It drops messages above the limit, as a 2.x node does. */
export class GossipLimit {
  readonly #windows: FixedWindows;

  /** `window`: milliseconds; only tests change it. */
  constructor(clock: Clock, window: number = WINDOW) {
    this.#windows = new FixedWindows(clock, window);
  }

  /** Counts one message. Returns false when the message must be dropped. */
  admit(from: string, topic: string): boolean {
    const most = MAX_MESSAGES[topic];
    return most === undefined || this.#windows.admit(`${from} ${topic}`, most);
  }
}
