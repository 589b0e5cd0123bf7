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
}

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
        page.score = Math.min(100, page.score + 1);
        return undefined;
      case 'timeout':
        page.score = Math.max(0, page.score - 10);
        return undefined;
      case 'useless':
        page.score = Math.max(0, page.score - 4);
        return undefined;
      case 'lie': {
        page.score = 0;
        page.lies += 1;
        const length = Math.min(this.#settings.longestBan, this.#settings.firstBan * 2 ** Math.min(page.lies - 1, 30));
        page.ban = { code: conduct.code, evidence: conduct.evidence, at: this.#clock.now(), until: this.#clock.monotonic() + length };
        return page.ban;
      }
    }
  }

  /** 0 to 100; 50 for a stranger. */
  score(peer: string): number {
    const page = this.#pages.get(peer);
    return page ? Math.round(this.#faded(page)) : stranger;
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
    const page = this.#pages.get(peer) ?? { score: stranger, scoredAt: this.#clock.monotonic(), lies: 0, ban: undefined };
    this.#pages.delete(peer);
    this.#pages.set(peer, page);
    if (this.#pages.size > this.#settings.capacity) {
      const all = Array.from(this.#pages.keys()).filter((id) => id !== peer);
      this.#pages.delete(all.find((id) => !this.ban(id)) ?? all[0]!);
    }
    return page;
  }
}
