import type { Clock } from '../../engine/clock.ts';
import { sleep } from '../../engine/clock.ts';
import { RATE_LIMIT_WINDOW } from '../wire/requests.ts';
import type { PeerId } from './net.ts';

/** Milliseconds. The nodes count in windows of 10 s, and requests may be delayed on their way. */
const window = RATE_LIMIT_WINDOW + 500;
/** Peers remembered; above it those longest unheard of go. */
const maxPeers = 64;

/** Keeps what is asked of each peer below a rate, so that something is left for what matters more. */
export class Pace {
  readonly #clock: Clock;
  readonly #perWindow: number;
  /** When the newest requests were due, oldest first. */
  readonly #due = new Map<PeerId, number[]>();

  constructor(clock: Clock, perWindow: number) {
    this.#clock = clock;
    this.#perWindow = perWindow;
  }

  /** Resolves when one more request to this peer is in order. */
  async turn(peer: PeerId, signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    const due = this.#due.get(peer) ?? [];
    const first = due.length < this.#perWindow ? now : due[due.length - this.#perWindow]! + window;
    const at = Math.max(now, first);
    this.#due.delete(peer);
    this.#due.set(peer, [...due, at].slice(-this.#perWindow));
    for (const oldest of this.#due.keys()) {
      if (this.#due.size <= maxPeers) break;
      this.#due.delete(oldest);
    }
    if (at > now) await sleep(this.#clock, at - now, signal);
  }
}
