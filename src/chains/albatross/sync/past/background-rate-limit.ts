import type { Clock } from '../../../../base/clock.ts';
import { sleep } from '../../../../base/clock.ts';
import { RATE_LIMIT_WINDOW } from '../../wire/requests.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Milliseconds. Nodes count requests in windows of 10 s, and requests may be delayed on their way. */
const window = RATE_LIMIT_WINDOW + 500;
/** Peers remembered; above it, the peers asked longest ago are dropped. */
const maxPeers = 64;

/** Limits the rate of background requests to each peer, so that capacity is left for more important ones. */
export class BackgroundRateLimit {
  readonly #clock: Clock;
  readonly #perWindow: number;
  /** Times at which the newest requests were due, oldest first. */
  readonly #due = new Map<PeerId, number[]>();

  constructor(clock: Clock, perWindow: number) {
    this.#clock = clock;
    this.#perWindow = perWindow;
  }

  /** Resolves when one more request to this peer is allowed. */
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
