import type { Clock } from '../src/base/clock.ts';
import { FixedWindows } from '../src/network/rate-window.ts';

/** Milliseconds. Whether 2.x counts in windows of just this length is not known; the official client takes as many headers in as long. */
const WINDOW = 10_000;
/** Messages a 2.x node takes of one peer in a window, by topic; no bound is known for the topics of transactions. Albatross network reference, 4.2. */
const MAX_MESSAGES: Readonly<Record<string, number>> = { 'block-header': 20 };

/** What a peer takes of each other one by gossip. What is above is dropped, as by a 2.x node. */
export class GossipLimit {
  readonly #windows: FixedWindows;

  /** `window`: milliseconds; another only for tests. */
  constructor(clock: Clock, window: number = WINDOW) {
    this.#windows = new FixedWindows(clock, window);
  }

  /** Counts one message. False: it is to be dropped. */
  admit(from: string, topic: string): boolean {
    const most = MAX_MESSAGES[topic];
    return most === undefined || this.#windows.admit(`${from} ${topic}`, most);
  }
}
