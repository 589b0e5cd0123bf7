import type { Clock } from '../../base/clock.ts';
import type { KeptBan } from '../peers/peer-book.ts';
import type { Fault } from '../sync/sync-chain.ts';

/** Bans remembered; at the bound the oldest is forgotten. Identities cost an attacker nothing, so more would not help. */
const MAX_BANS = 256;
/**
 * Milliseconds of the first ban: a lie costs an hour, as for Albatross (`peer-book.ts`); three offences, or claims that are never proven, cost ten
 * minutes, in which software restarts. Each further ban of a peer is twice as long, up to a day.
 */
const FIRST = { lie: 3_600_000, offence: 600_000 };
const LONGEST = 86_400_000;
/** Characters of a text and facts in the evidence that is kept (`storage/ban-row.ts`). */
const MAX_TEXT = 128;
const MAX_FACTS = 16;

/** A peer that is banned: its id, and the address that was dialled. */
export interface BannedPeer {
  readonly id: string;
  /** As the peer names it; after a restart, as it was dialled. */
  readonly address: string;
  readonly dialled: string;
  /** Bytes that it had sent; 0 after a restart. */
  readonly received: number;
}

export interface ListedBan extends BannedPeer {
  readonly code: string;
  readonly data: NonNullable<Fault['data']>;
  /** Unix milliseconds. */
  readonly at: number;
  /** Unix milliseconds, for display. */
  readonly until: number;
}

interface Entry extends Omit<ListedBan, 'until'> {
  /** Monotonic milliseconds. */
  readonly ends: number;
}

export interface BanListOptions {
  readonly clock: Clock;
  /** A ban has ended. */
  readonly onEnd: (ban: BannedPeer) => void;
}

/** The bans of a followed chain's peers, each for a term. */
export class BanList {
  readonly #options: BanListOptions;
  /** By id and the address that was dialled, oldest first: two ids at one address are two bans. */
  readonly #bans = new Map<string, Entry>();
  /** Bans so far, by id. They outlive the ban, so that the next one is longer. */
  readonly #counts = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: BanListOptions) {
    this.#options = options;
  }

  /** Whether this id or address is banned. */
  has(addressOrId: string): boolean {
    return Array.from(this.#bans.values()).some(({ id, address, dialled }) => id === addressOrId || address === addressOrId || dialled === addressOrId);
  }

  get all(): readonly ListedBan[] {
    const { clock } = this.#options;
    return Array.from(this.#bans.values(), ({ ends, ...ban }) => ({ ...ban, until: Math.round(clock.now() + ends - clock.monotonic()) }));
  }

  /** Bans a peer. */
  add(peer: BannedPeer, { code, weight, data = {} }: Fault): void {
    const { clock } = this.#options;
    const count = (this.#counts.get(peer.id) ?? 0) + 1;
    remember(this.#counts, peer.id, count);
    const term = Math.min(LONGEST, FIRST[weight === 'lie' ? 'lie' : 'offence'] * 2 ** Math.min(count - 1, 30));
    remember(this.#bans, keyOf(peer), { ...peer, code, data, at: clock.now(), ends: clock.monotonic() + term });
    this.#schedule();
  }

  /** In the form that is kept over a restart. Evidence that has no room there is cut. */
  get kept(): readonly KeptBan[] {
    return this.all.map(({ id, dialled, code, data, at, until }) => ({ peer: id, address: dialled, code, evidence: keptEvidence(data), at, until, lies: this.#counts.get(id) ?? 1 }));
  }

  /**
   * Adds the bans of an earlier run, or of another store; of those that are known, ours count. Those that have ended are skipped. A clock that was set back cannot
   * make one longer than its own term, nor than the longest.
   */
  restore(bans: readonly KeptBan[]): void {
    const { clock } = this.#options;
    for (const { peer, address, code, evidence, at, until, lies } of bans.toSorted((a, b) => a.at - b.at)) {
      const now = clock.now();
      const left = Math.min(until - Math.max(at, now), LONGEST);
      if (address === undefined || !(left > 0) || this.#bans.has(keyOf({ id: peer, dialled: address }))) continue;
      remember(this.#counts, peer, Math.max(lies, this.#counts.get(peer) ?? 0));
      const ban = { id: peer, address, dialled: address, received: 0, code, data: evidence, at: Math.min(at, now), ends: clock.monotonic() + left };
      remember(this.#bans, keyOf(ban), ban);
    }
    this.#schedule();
  }

  /** Forgets all bans, also how often each peer was banned. */
  clear(): void {
    this.#bans.clear();
    this.#counts.clear();
    this.#schedule();
  }

  /** No ban ends any more, nor one that is added later. */
  stop(): void {
    this.#stopped = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#stopped || this.#bans.size === 0) return;
    const { clock, onEnd } = this.#options;
    const next = Math.min(...Array.from(this.#bans.values(), ({ ends }) => ends));
    this.#cancel = clock.after(Math.max(0, next - clock.monotonic()), () => {
      const over = Array.from(this.#bans.values()).filter(({ ends }) => ends <= clock.monotonic());
      for (const ban of over) this.#bans.delete(keyOf(ban));
      this.#schedule();
      for (const ban of over) onEnd(ban);
    });
  }
}

function keyOf({ id, dialled }: Pick<BannedPeer, 'id' | 'dialled'>): string {
  return `${id} ${dialled}`;
}

function keptEvidence(data: ListedBan['data']): KeptBan['evidence'] {
  const fits = Object.entries(data).filter(([name, fact]) => name.length <= MAX_TEXT && (typeof fact === 'string' || (Number.isFinite(fact) && fact >= 0)));
  return Object.fromEntries(fits.slice(0, MAX_FACTS).map(([name, fact]) => [name, typeof fact === 'string' ? fact.slice(0, MAX_TEXT) : fact]));
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_BANS) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
