import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { PeerRecord } from './peer-record.ts';
import type { SyncConfig } from './sync-config.ts';
import type { SyncPeer } from './sync-peer.ts';
import type { SyncPeerView } from './sync-views.ts';

/** Milliseconds that a peer is not asked after its third offence: a restart of its software takes less. */
export const COOL_DOWN = 600_000;
/** Offences that ban (HotStuff-2 reference, 4). */
const OFFENCES_THAT_BAN = 3;
/** Milliseconds a peer rests after its first failure in a row; then twice as long each time, up to `LONGEST_REST`. */
const FIRST_REST = 250;
const LONGEST_REST = 8_000;
/** Records and bans that are kept of peers that have left; the oldest is forgotten. */
const MOST_FORMER = 1_024;
/** A latency above this share of `peerTimeout` is slow. */
const SLOW_SHARE = 0.25;

interface Ban {
  readonly code: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  /** Monotonic milliseconds; undefined: until the client is started anew. */
  readonly until: number | undefined;
}

/** The peers of a sync: who is asked, who waits as a spare, who is banned, and what was measured of each. */
export class SyncPeers<B> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #config: SyncConfig;
  readonly #peers = new Map<string, SyncPeer<B>>();
  readonly #active = new Set<string>();
  readonly #records = new Map<string, PeerRecord>();
  readonly #bans = new Map<string, Ban>();
  /** Moments at which requests began that are not answered, by peer. */
  readonly #asked = new Map<string, Set<{ readonly at: number }>>();

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly config: SyncConfig }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#config = options.config;
  }

  /** Adds a peer, or its new connection. */
  add(peer: SyncPeer<B>): void {
    this.#peers.set(peer.id, peer);
    this.#fill();
  }

  remove(id: string): void {
    this.#peers.delete(id);
    this.#active.delete(id);
    this.#asked.delete(id);
    this.#fill();
    for (const former of this.#records.keys()) if (this.#records.size > MOST_FORMER && !this.#peers.has(former)) this.#records.delete(former);
    for (const former of this.#bans.keys()) if (this.#bans.size > MOST_FORMER && !this.#peers.has(former)) this.#bans.delete(former);
  }

  get(id: string): SyncPeer<B> | undefined {
    return this.#peers.get(id);
  }

  /** The peers that may be asked at this moment, best first. A peer that failed rests. */
  get usable(): readonly SyncPeer<B>[] {
    const now = this.#clock.monotonic();
    return this.active.filter((peer) => this.recordOf(peer.id).restUntil <= now);
  }

  /** The active peers, best first. */
  get active(): readonly SyncPeer<B>[] {
    this.#fill();
    return this.#ranked(Array.from(this.#active));
  }

  /** The best `count` peers; equal ones in random order; no banned one. */
  selectOptimal(count: number): readonly SyncPeer<B>[] {
    return this.#ranked(Array.from(this.#peers.keys()).filter((id) => !this.banOf(id))).slice(0, count);
  }

  recordOf(id: string): PeerRecord {
    let record = this.#records.get(id);
    if (!record) this.#records.set(id, (record = new PeerRecord()));
    return record;
  }

  /** A request to the peer begins. The returned function is called when it ends: with the bytes of the answer, or why there is none. */
  asking(id: string): (end: { readonly bytes: number } | 'silent' | 'failed' | 'unwanted') => number {
    const asked = this.#asked.get(id) ?? new Set();
    this.#asked.set(id, asked);
    const request = { at: this.#clock.monotonic() };
    asked.add(request);
    return (end) => {
      asked.delete(request);
      const milliseconds = this.#clock.monotonic() - request.at;
      const record = this.recordOf(id);
      if (typeof end === 'object') record.answered(end.bytes, milliseconds);
      else if (end !== 'unwanted') {
        record.failed(end === 'silent');
        record.restUntil = this.#clock.monotonic() + Math.min(LONGEST_REST, FIRST_REST * 2 ** (record.failures - 1));
      }
      return milliseconds;
    };
  }

  /** A snapshot that the peer offered was too slow: none of it is asked for until the cool-down is over. */
  restSnapshots(id: string): void {
    this.recordOf(id).snapshotsRestUntil = this.#clock.monotonic() + COOL_DOWN;
  }

  /** Height of the snapshot that may be asked of the peer; undefined: it claims none, or its snapshots rest. */
  snapshotOf({ id, claims }: Pick<SyncPeer<B>, 'id' | 'claims'>): number | undefined {
    return this.recordOf(id).snapshotsRestUntil > this.#clock.monotonic() ? undefined : claims.snapshot;
  }

  /** Requests to the peer that are not answered. */
  inFlight(id: string): number {
    return this.#asked.get(id)?.size ?? 0;
  }

  /** The third offence bans until the cool-down is over. Returns whether the peer is banned. */
  offence(id: string, code: string, evidence: Ban['evidence'] = {}): boolean {
    const record = this.recordOf(id);
    record.offences += 1;
    if (record.offences >= OFFENCES_THAT_BAN) this.blacklist(id, code, 'cool-down', evidence);
    return this.banOf(id) !== undefined;
  }

  /** `term`: a lie bans until the client is started anew, other reasons until the cool-down is over. */
  blacklist(id: string, code: string, term: 'cool-down' | 'restart', evidence: Ban['evidence'] = {}): void {
    if (this.#bans.get(id)?.until === undefined && this.#bans.has(id)) return;
    this.#bans.set(id, { code, evidence, until: term === 'restart' ? undefined : this.#clock.monotonic() + COOL_DOWN });
    this.#active.delete(id);
    this.#fill();
  }

  /** Ends a ban. */
  pardon(id: string): void {
    if (!this.#bans.delete(id)) return;
    this.recordOf(id).offences = 0;
    this.#fill();
  }

  /** Ends all bans, and forgets all offences. */
  pardonAll(): void {
    this.#bans.clear();
    for (const record of this.#records.values()) record.offences = 0;
    this.#fill();
  }

  banOf(id: string): Ban | undefined {
    const ban = this.#bans.get(id);
    if (ban?.until === undefined || ban.until > this.#clock.monotonic()) return ban;
    this.#bans.delete(id);
    this.recordOf(id).offences = 0;
    return undefined;
  }

  /** Exchanges the worst active peer for the best spare, if that is better. Returns the two. */
  rotate(): { readonly out: string; readonly in: string } | undefined {
    const worst = this.active.at(-1);
    const [spare] = this.#ranked(Array.from(this.#peers.keys()).filter((id) => !this.#active.has(id) && !this.banOf(id)));
    if (!worst || !spare || this.recordOf(spare.id).quality <= this.recordOf(worst.id).quality) return undefined;
    this.#active.delete(worst.id);
    this.#active.add(spare.id);
    return { out: worst.id, in: spare.id };
  }

  health(id: string): SyncPeerView['health'] {
    if (this.banOf(id)) return 'banned';
    const record = this.recordOf(id);
    const waits = Array.from(this.#asked.get(id) ?? [], ({ at }) => this.#clock.monotonic() - at);
    if (record.silences > 0 || Math.max(0, ...waits) > this.#config.peerTimeout / 2) return 'silent';
    return (record.latency ?? 0) > this.#config.peerTimeout * SLOW_SHARE || record.failures > 0 ? 'slow' : 'healthy';
  }

  /** The peers that were added and not removed, the banned ones among them too. */
  views(): readonly SyncPeerView[] {
    this.#fill();
    return Array.from(this.#peers.values(), (peer) => {
      const ban = this.banOf(peer.id);
      const until = ban?.until === undefined ? undefined : this.#clock.now() + ban.until - this.#clock.monotonic();
      return {
        id: peer.id,
        address: peer.address,
        height: peer.claims.height,
        health: this.health(peer.id),
        role: ban ? 'banned' : this.#active.has(peer.id) ? 'active' : 'spare',
        ...this.recordOf(peer.id).numbers,
        ban: ban && { code: ban.code, until },
      };
    });
  }

  /** Free places are given to the best spares. */
  #fill(): void {
    for (const id of this.#active) if (this.banOf(id)) this.#active.delete(id);
    if (this.#active.size >= this.#config.maxSyncPeers || this.#active.size === this.#peers.size) return;
    const spares = Array.from(this.#peers.keys()).filter((id) => !this.#active.has(id) && !this.banOf(id));
    for (const { id } of this.#ranked(spares).slice(0, this.#config.maxSyncPeers - this.#active.size)) this.#active.add(id);
  }

  #ranked(ids: readonly string[]): SyncPeer<B>[] {
    const first = this.#peers.get(ids[0] ?? '');
    if (ids.length <= 1) return first ? [first] : [];
    return ids
      .map((id) => ({ peer: this.#peers.get(id)!, quality: this.recordOf(id).quality, draw: this.#random.next() }))
      .toSorted((a, b) => b.quality - a.quality || a.draw - b.draw)
      .map(({ peer }) => peer);
  }
}
