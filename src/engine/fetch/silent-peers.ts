import type { Clock } from '../../base/clock.ts';

/** Milliseconds for which a peer that was silent is asked last; doubled each time in a row, up to `longest`. */
const pause = { first: 60_000, longest: 600_000 };
/** Peers remembered: more than a client is connected to. At the bound the peer whose silence is longest ago is forgotten. */
const maxPeers = 64;

/** Remembers which peers were silent so long that another peer, asked later, has answered. Such peers are asked last for a while. */
export class SilentPeers {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #marks = new Map<string, { readonly until: number; readonly times: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** The peer was silent. What happens while it is marked already makes the mark no longer. */
  mark(peer: string): void {
    const now = this.#clock.monotonic();
    const before = this.#marks.get(peer);
    if (before && before.until > now) return;
    // A silence long ago says nothing any more.
    const times = before && now - before.until < pause.longest ? before.times + 1 : 1;
    this.#marks.delete(peer);
    this.#marks.set(peer, { until: now + Math.min(pause.longest, pause.first * 2 ** Math.min(times - 1, 30)), times });
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= maxPeers) break;
      this.#marks.delete(oldest);
    }
  }

  has(peer: string): boolean {
    return (this.#marks.get(peer)?.until ?? -Infinity) > this.#clock.monotonic();
  }
}
