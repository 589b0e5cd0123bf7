import type { Clock } from '../../base/clock.ts';
import type { LieSender, PeerReport } from './peer-net.ts';

/** Why a peer is banned, and for how long. */
export interface Ban {
  readonly code: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  /** Unix milliseconds, for display. */
  readonly at: number;
  /** Monotonic milliseconds, for decisions. */
  readonly until: number;
  /** As in the report of the lie. */
  readonly past?: string | undefined;
  readonly sender?: LieSender | undefined;
}

export type BannedPeer = Ban & { readonly peer: string };

/** A ban in the form that is kept over a restart, where monotonic time has no meaning. */
export interface KeptBan {
  readonly peer: string;
  readonly code: string;
  readonly evidence: Ban['evidence'];
  /** Unix milliseconds. */
  readonly at: number;
  /** Unix milliseconds. */
  readonly until: number;
  /** Lies so far; they make the next ban longer. */
  readonly lies: number;
  readonly past?: string | undefined;
  readonly sender?: LieSender | undefined;
  /** The address that was dialled, where a ban is for the address too (`engine/follow`). */
  readonly address?: string | undefined;
}

export interface PeerBookSettings {
  /** Peers remembered. At the bound the peer that was silent longest is dropped, banned peers last. */
  readonly capacity: number;
  /** Milliseconds of the first ban; every further ban of the same peer is twice as long. */
  readonly firstBan: number;
  readonly longestBan: number;
}

/**
 * A lie costs the lying identity an hour, then doubling up to a day. A new identity is cheap, so longer bans would punish only accidents.
 */
export const peerBookDefaults: PeerBookSettings = { capacity: 1024, firstBan: 3_600_000, longestBan: 86_400_000 };

interface Page {
  /** 0 to 100; 50 for an unknown peer. */
  score: number;
  scoredAt: number;
  lies: number;
  ban: Ban | undefined;
  /** The values before the lie that led to the ban. */
  before: { readonly score: number; readonly scoredAt: number; readonly lies: number } | undefined;
  /** Smoothed, in milliseconds. */
  latency: number | undefined;
  /** Points that the last silence cost, and that a late answer gives back. */
  owed: number;
}

/** Points that a silence costs: less than a timeout, since another peer has answered within seconds. */
const OVERTAKEN_POINTS = 4;
/** Verified bytes that earn a second point: some ten micro blocks. */
const BYTES_PER_POINT = 4_096;
/** Milliseconds of latency that cost a peer one point of its rank. */
const LATENCY_PER_POINT = 100;
/** Most points that latency costs: a slow honest peer stays well above a failing one. */
const MAX_LATENCY_POINTS = 20;

const stranger = 50;
/** A score moves halfway back to 50 in this time, so that old merits and old failures both fade. Milliseconds. */
const halfLife = 600_000;

/** Scores peers by their conduct, and bans them for lies. */
export class PeerBook {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #settings: PeerBookSettings;
  /** In the order in which the peers were last heard of. */
  readonly #pages = new Map<string, Page>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, settings: PeerBookSettings = peerBookDefaults) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Records what was seen of a peer. Returns the ban if it leads to one. */
  report(peer: string, conduct: PeerReport): Ban | undefined {
    const page = this.#open(peer);
    page.score = this.#faded(page);
    page.scoredAt = this.#clock.monotonic();
    switch (conduct.kind) {
      case 'useful':
        page.score = Math.min(100, page.score + 1 + Math.min(1, Math.max(0, conduct.bytes) / BYTES_PER_POINT));
        return undefined;
      case 'timeout':
        page.score = Math.max(0, page.score - 10);
        return undefined;
      case 'useless':
        page.score = Math.max(0, page.score - 4);
        return undefined;
      case 'overtaken':
        page.owed = Math.min(page.score, OVERTAKEN_POINTS);
        page.score -= page.owed;
        return undefined;
      case 'late':
        page.score = Math.min(100, page.score + page.owed);
        page.owed = 0;
        return undefined;
      case 'lie': {
        if (!this.ban(peer) || !page.before) page.before = { score: page.score, scoredAt: page.scoredAt, lies: page.lies };
        page.score = 0;
        page.lies += 1;
        const length = Math.min(this.#settings.longestBan, this.#settings.firstBan * 2 ** Math.min(page.lies - 1, 30));
        const { code, evidence, past, sender } = conduct;
        page.ban = { code, evidence, at: this.#clock.now(), until: this.#clock.monotonic() + length, past, sender };
        return page.ban;
      }
    }
  }

  /**
   * Lifts the ban in force, if it has this code, and undoes what led to it: the peer's record is as it was before. Returns whether there
   * was such a ban.
   */
  pardon(peer: string, code: string): boolean {
    const page = this.#pages.get(peer);
    if (!page || this.ban(peer)?.code !== code) return false;
    Object.assign(page, page.before ?? { score: stranger, scoredAt: this.#clock.monotonic(), lies: Math.max(0, page.lies - 1) });
    page.ban = undefined;
    page.before = undefined;
    return true;
  }

  /** Records how long the peer's last answer took, in milliseconds. Only for peers with a record. */
  latency(peer: string, ms: number): void {
    const page = this.#pages.get(peer);
    if (page) page.latency = page.latency === undefined ? ms : page.latency * 0.75 + ms * 0.25;
  }

  /** 0 to 100; 50 for an unknown peer. From conduct, minus the points that slow answers cost. */
  score(peer: string): number {
    const page = this.#pages.get(peer);
    if (!page) return stranger;
    const slow = Math.min(MAX_LATENCY_POINTS, Math.floor((page.latency ?? 0) / LATENCY_PER_POINT));
    return Math.max(0, Math.round(this.#faded(page)) - slow);
  }

  /** The bans in force, in the form to be kept. */
  kept(): readonly KeptBan[] {
    const { now, monotonic } = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
    return this.bans().map(({ until, ...ban }) => ({ ...ban, until: now + until - monotonic, lies: this.#pages.get(ban.peer)?.lies ?? 1 }));
  }

  /** Restores the bans of an earlier run. Ended bans are skipped, and a clock that was set back cannot make one longer than its own term, nor than the longest ban. */
  restore(bans: readonly KeptBan[]): void {
    const now = this.#clock.now();
    for (const { peer, code, evidence, at, until, lies, past, sender } of bans.slice(0, this.#settings.capacity)) {
      const left = Math.min(until - Math.max(at, now), this.#settings.longestBan);
      if (!(left > 0) || this.ban(peer)) continue;
      const page = this.#open(peer);
      page.lies = Math.max(page.lies, lies);
      page.score = 0;
      page.ban = { code, evidence, at: Math.min(at, now), until: this.#clock.monotonic() + left, past, sender };
    }
  }

  /** The ban of this peer that is in force. */
  ban(peer: string): Ban | undefined {
    const ban = this.#pages.get(peer)?.ban;
    return ban && ban.until > this.#clock.monotonic() ? ban : undefined;
  }

  /** All bans in force. */
  bans(): readonly BannedPeer[] {
    return Array.from(this.#pages.keys()).flatMap((peer) => {
      const ban = this.ban(peer);
      return ban ? [{ peer, ...ban }] : [];
    });
  }

  /** Best score first; equal ones in the given order. */
  rank(peers: readonly string[]): string[] {
    return peers.toSorted((a, b) => this.score(b) - this.score(a));
  }

  get size(): number {
    return this.#pages.size;
  }

  #faded(page: Page): number {
    const halves = (this.#clock.monotonic() - page.scoredAt) / halfLife;
    return stranger + (page.score - stranger) * 0.5 ** halves;
  }

  #open(peer: string): Page {
    const page = this.#pages.get(peer) ?? { score: stranger, scoredAt: this.#clock.monotonic(), lies: 0, ban: undefined, before: undefined, latency: undefined, owed: 0 };
    this.#pages.delete(peer);
    this.#pages.set(peer, page);
    if (this.#pages.size > this.#settings.capacity) {
      const all = Array.from(this.#pages.keys()).filter((id) => id !== peer);
      this.#pages.delete(all.find((id) => !this.ban(id)) ?? all[0]!);
    }
    return page;
  }
}
