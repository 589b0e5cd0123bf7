import type { Clock } from '../../base/clock.ts';

/** Milliseconds for which a claim may stay unproven: votes and proofs come within block times, of seconds. */
const PATIENCE = 300_000;
/** Times that a peer must have failed to prove it: one answer can come from before the claim. */
const TIMES = 3;
/** Peers remembered; at the bound the oldest is forgotten. */
const MAX_PEERS = 256;

export interface OpenClaim {
  readonly claimed: number;
  /** What it proved instead. */
  readonly proven: number;
  /** Times that it was asked. */
  readonly count: number;
}

/**
 * Heights that peers have claimed and did not prove when they were asked. A peer is to be left alone when a claim above our head stays unproven for
 * five minutes. A claim that our head has reached is settled: its blocks came from somebody, proven or pending.
 */
export class ClaimWatch {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #open = new Map<string, OpenClaim & { readonly since: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** What a peer proved when it was asked, and what it had claimed before; `head`: our height. True: it is to be left alone. */
  asked(peer: string, claimed: number, proven: number, head: number): boolean {
    const before = this.#open.get(peer);
    const settled = Math.max(proven, head);
    if (claimed <= settled && (before === undefined || before.claimed <= settled)) {
      this.#open.delete(peer);
      return false;
    }
    const isSame = before !== undefined && before.claimed > settled;
    const now = this.#clock.monotonic();
    const open = { claimed: isSame ? before.claimed : claimed, proven, count: isSame ? before.count + 1 : 1, since: isSame ? before.since : now };
    if (open.count >= TIMES && now - open.since >= PATIENCE) {
      this.#open.delete(peer);
      return true;
    }
    this.#open.set(peer, open);
    for (const oldest of this.#open.keys()) if (this.#open.size > MAX_PEERS) this.#open.delete(oldest);
    return false;
  }

  /** The claim that a peer has not proven; undefined: there is none above our head. */
  openOf(peer: string, head: number): OpenClaim | undefined {
    const open = this.#open.get(peer);
    if (open === undefined || open.claimed <= head) return undefined;
    const { claimed, proven, count } = open;
    return { claimed, proven, count };
  }

  clear(): void {
    this.#open.clear();
  }
}
