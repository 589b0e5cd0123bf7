import type { Random } from '../../src/base/random.ts';
import type { NetClock } from './net-clock.ts';

/** Milliseconds that a message takes: one to four, as between machines of one place. */
const LATENCY = { min: 1, spread: 3 } as const;

/** A block with its certificate, as a replica sends it to one that lacks it. No certificate: it has none yet. */
export interface SentBlock {
  readonly bytes: Uint8Array;
  readonly qc: Uint8Array | undefined;
}

/** What replicas send each other: the library's messages in its bytes, and our fetching of missing blocks, which the library leaves to the executor. */
export type BusMessage =
  | { readonly kind: 'consensus'; readonly bytes: Uint8Array }
  /** Asks for a block and its ancestors above the height that the sender has. */
  | { readonly kind: 'fetch'; readonly hash: string; readonly above: number }
  /** Ascending. */
  | { readonly kind: 'blocks'; readonly blocks: readonly SentBlock[] };

export interface BusEnd {
  receive(message: BusMessage, from: number): void;
}

/** Carries messages between replicas in one process. Delivery can be cut: for a replica that is down, and between the groups of a partition. */
export class Bus {
  readonly #clock: NetClock;
  readonly #random: Random;
  readonly #ends: BusEnd[] = [];
  readonly #down = new Set<number>();
  /** The group of each replica; undefined: no partition. */
  #groups: ReadonlyMap<number, number> | undefined;
  /** Sees every message as it is sent. */
  tap: ((message: BusMessage, from: number) => void) | undefined;

  constructor(clock: NetClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Adds the replica with the next index. */
  add(end: BusEnd): void {
    this.#ends.push(end);
  }

  setDown(replica: number, down: boolean): void {
    if (down) this.#down.add(replica);
    else this.#down.delete(replica);
  }

  /** A replica that is in no group is alone. Undefined heals. */
  partition(groups: readonly (readonly number[])[] | undefined): void {
    this.#groups = groups && new Map(groups.flatMap((group, index) => group.map((replica) => [replica, index] as const)));
  }

  reaches(from: number, to: number): boolean {
    if (this.#down.has(from) || this.#down.has(to)) return false;
    const groups = this.#groups;
    return from === to || !groups || (groups.has(from) && groups.get(from) === groups.get(to));
  }

  send(from: number, to: number, message: BusMessage): void {
    this.tap?.(message, from);
    this.#carry(from, to, message);
  }

  /** To all others. */
  broadcast(from: number, message: BusMessage): void {
    this.tap?.(message, from);
    for (const to of this.#ends.keys()) if (to !== from) this.#carry(from, to, message);
  }

  #carry(from: number, to: number, message: BusMessage): void {
    if (!this.reaches(from, to)) return;
    // Cut also for what is under way when the partition begins.
    this.#clock.deliver(LATENCY.min + Math.floor(this.#random.next() * (LATENCY.spread + 1)), () => {
      if (this.reaches(from, to)) this.#ends[to]!.receive(message, from);
    });
  }
}
