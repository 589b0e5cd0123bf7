import type { Clock } from './clock.ts';

/** What was seen of a peer. A `lie` is proven and bans; a timeout or a useless answer never does. */
export type Conduct =
  | { readonly kind: 'useful'; readonly bytes: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'useless'; readonly code: string }
  | { readonly kind: 'lie'; readonly code: string; readonly evidence: Readonly<Record<string, string | number>> };

/** Why and how long a peer is kept out. */
export interface Ban {
  readonly code: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  /** Unix milliseconds, for showing. */
  readonly at: number;
  /** Monotonic milliseconds, for deciding. */
  readonly until: number;
}

/** A ban as it is kept over a restart: monotonic time means nothing then. */
export interface KeptBan {
  readonly peer: string;
  readonly code: string;
  readonly evidence: Ban['evidence'];
  /** Unix milliseconds. */
  readonly at: number;
  /** Unix milliseconds. */
  readonly until: number;
  /** Lies so far: the next ban is the longer for them. */
  readonly lies: number;
}

export interface PeerBookSettings {
  /** Peers remembered. At the bound the one longest unheard of goes, banned ones last. */
  readonly capacity: number;
  /** Milliseconds of the first ban; every further one of the same peer is twice as long. */
  readonly firstBan: number;
  readonly longestBan: number;
}

/** A lie costs the lying identity an hour, then doubling up to a day: a fresh identity is cheap, so longer would punish only accidents. */
export const peerBookDefaults: PeerBookSettings = { capacity: 1024, firstBan: 3_600_000, longestBan: 86_400_000 };

interface Page {
  /** 0 to 100, 50 for a stranger. */
  score: number;
  scoredAt: number;
  lies: number;
  ban: Ban | undefined;
  /** What the lie changed that led to the ban. */
  before: { readonly score: number; readonly scoredAt: number; readonly lies: number } | undefined;
  /** Milliseconds, smoothed. */
  latency: number | undefined;
}

/** Verified bytes that are worth a second point, in bytes: some ten micro blocks. */
const BYTES_PER_POINT = 4_096;
/** A peer's answer that takes so much longer costs a point of its rank, in milliseconds. */
const LATENCY_PER_POINT = 100;
/** Most points that latency costs: a slow honest peer stays well above one that fails. */
const MAX_LATENCY_POINTS = 20;

const stranger = 50;
/** A score moves half of its way back to 50 in this time: old merits and old failings both fade. Milliseconds. */
const halfLife = 600_000;

/** Scores from conduct, bans from lies. */
export class PeerBook {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #settings: PeerBookSettings;
  /** In the order in which they were last heard of. */
  readonly #pages = new Map<string, Page>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, settings: PeerBookSettings = peerBookDefaults) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Enters what was seen. Returns the ban if it leads to one. */
  report(peer: string, conduct: Conduct): Ban | undefined {
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
      case 'lie': {
        if (!this.ban(peer) || !page.before) page.before = { score: page.score, scoredAt: page.scoredAt, lies: page.lies };
        page.score = 0;
        page.lies += 1;
        const length = Math.min(this.#settings.longestBan, this.#settings.firstBan * 2 ** Math.min(page.lies - 1, 30));
        page.ban = { code: conduct.code, evidence: conduct.evidence, at: this.#clock.now(), until: this.#clock.monotonic() + length };
        return page.ban;
      }
    }
  }

  /** Takes back the ban in force, if it is for this, and what led to it: the peer stands as it did before. Returns whether there was one. */
  pardon(peer: string, code: string): boolean {
    const page = this.#pages.get(peer);
    if (!page || this.ban(peer)?.code !== code) return false;
    Object.assign(page, page.before ?? { score: stranger, scoredAt: this.#clock.monotonic(), lies: Math.max(0, page.lies - 1) });
    page.ban = undefined;
    page.before = undefined;
    return true;
  }

  /** How long the peer's last answer took, in milliseconds. Only of peers of whom something else is known. */
  latency(peer: string, ms: number): void {
    const page = this.#pages.get(peer);
    if (page) page.latency = page.latency === undefined ? ms : page.latency * 0.75 + ms * 0.25;
  }

  /** 0 to 100; 50 for a stranger. From conduct, less what slow answers cost. */
  score(peer: string): number {
    const page = this.#pages.get(peer);
    if (!page) return stranger;
    const slow = Math.min(MAX_LATENCY_POINTS, Math.floor((page.latency ?? 0) / LATENCY_PER_POINT));
    return Math.max(0, Math.round(this.#faded(page)) - slow);
  }

  /** The bans in force, to be kept. */
  kept(): readonly KeptBan[] {
    const { now, monotonic } = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
    return this.bans().map(({ peer, code, evidence, at, until }) => ({ peer, code, evidence, at, until: now + until - monotonic, lies: this.#pages.get(peer)?.lies ?? 1 }));
  }

  /** Bans of an earlier run. What has ended is left out, and no clock that was set makes one longer than bans are. */
  restore(bans: readonly KeptBan[]): void {
    const now = this.#clock.now();
    for (const { peer, code, evidence, at, until, lies } of bans.slice(0, this.#settings.capacity)) {
      const left = Math.min(until - now, this.#settings.longestBan);
      if (!(left > 0) || this.ban(peer)) continue;
      const page = this.#open(peer);
      page.lies = Math.max(page.lies, lies);
      page.score = 0;
      page.ban = { code, evidence, at, until: this.#clock.monotonic() + left };
    }
  }

  /** The ban in force. */
  ban(peer: string): Ban | undefined {
    const ban = this.#pages.get(peer)?.ban;
    return ban && ban.until > this.#clock.monotonic() ? ban : undefined;
  }

  /** All bans in force. */
  bans(): readonly (Ban & { readonly peer: string })[] {
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
    const page = this.#pages.get(peer) ?? { score: stranger, scoredAt: this.#clock.monotonic(), lies: 0, ban: undefined, before: undefined, latency: undefined };
    this.#pages.delete(peer);
    this.#pages.set(peer, page);
    if (this.#pages.size > this.#settings.capacity) {
      const all = Array.from(this.#pages.keys()).filter((id) => id !== peer);
      this.#pages.delete(all.find((id) => !this.ban(id)) ?? all[0]!);
    }
    return page;
  }
}
