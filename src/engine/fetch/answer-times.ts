import type { Clock } from '../../base/clock.ts';
import { askPatience } from './ask-beside.ts';

/** Milliseconds after which a peer's last answer says nothing about the line any more. */
const memory = 60_000;
/** Milliseconds of the longest patience: what a line with a round trip of 5 s may take for an answer. */
const longest = 20_000;
/** Peers remembered: more than a client is connected to. At the bound the oldest is forgotten. */
const maxPeers = 64;

/**
 * How long the peers took for their last answers. On a slow line, and while the line is busy, all of them take long. Then a peer is silent
 * only if it takes twice as long as the fastest peer took. So one fast peer suffices to find out silent ones within `askPatience`.
 */
export class AnswerTimes {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #last = new Map<string, { readonly ms: number; readonly at: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** The peer answered `ms` after the request had left. */
  note(peer: string, ms: number): void {
    this.#last.delete(peer);
    this.#last.set(peer, { ms, at: this.#clock.monotonic() });
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= maxPeers) break;
      this.#last.delete(oldest);
    }
  }

  /** Milliseconds for which a peer may be silent before another peer is asked beside it. */
  get patience(): number {
    const now = this.#clock.monotonic();
    const recent = Array.from(this.#last.values()).flatMap(({ ms, at }) => (now - at < memory ? [ms] : []));
    return recent.length === 0 ? askPatience : Math.min(longest, Math.max(askPatience, 2 * Math.min(...recent)));
  }
}
