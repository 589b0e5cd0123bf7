import type { Clock } from '../base/clock.ts';

/** Bans kept at once. At the bound the ban that ends first is dropped, so an attacker with endless identities gains nothing. */
const MAX_BANS = 1024;

export interface Ban {
  /** A peer id, or an address key of `banKeyOf`. */
  readonly key: string;
  /** The peer that caused the ban. */
  readonly of: string;
  /** The reason, as a code. */
  readonly code: string;
  /** On the monotonic clock, milliseconds. */
  readonly until: number;
}

/** Peers that must not be connected to, by peer id and by address, each for a limited time. */
export class BanList {
  readonly #clock: Clock;
  readonly #bans = new Map<string, Ban>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bans `key` for `ms` milliseconds, because of the peer `of`. A longer ban that is already in force stays. */
  add(key: string, ms: number, code: string, of = key): void {
    const until = this.#clock.monotonic() + ms;
    const standing = this.get(key);
    if (standing !== undefined && standing.until >= until) return;
    this.#bans.set(key, { key, of, code, until });
    if (this.#bans.size > MAX_BANS) {
      const first = Array.from(this.#bans.values()).reduce((a, b) => (a.until <= b.until ? a : b));
      this.#bans.delete(first.key);
    }
  }

  /** The ban that is in force for `key` now. */
  get(key: string): Ban | undefined {
    const ban = this.#bans.get(key);
    if (ban === undefined || ban.until > this.#clock.monotonic()) return ban;
    this.#bans.delete(key);
    return undefined;
  }

  /** Lifts all bans that this peer caused. */
  pardon(peer: string): void {
    for (const { key, of } of this.#bans.values()) if (of === peer) this.#bans.delete(key);
  }

  all(): readonly Ban[] {
    return Array.from(this.#bans.keys()).flatMap((key) => this.get(key) ?? []);
  }
}
