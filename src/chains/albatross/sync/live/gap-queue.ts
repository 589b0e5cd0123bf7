import type { Clock } from '../../../../base/clock.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { SyncSettings } from '../settings.ts';

/** A gap: the blocks up to `target` are missing, and `peer` has announced a block that builds on them. */
export interface Gap {
  readonly target: Hash;
  readonly peer: PeerId;
  /** A head round found it. Other peers have named it too, and rounds are rare. */
  readonly ofRound?: boolean;
}

/** What the announcer did: gave blocks; could not or would not give what it had announced; was not asked. */
export type SearchOutcome = 'served' | 'withheld' | 'not-asked';

export interface GapQueueOptions {
  readonly settings: Pick<SyncSettings, 'missingInFlight' | 'missingInFlightPerPeer' | 'missingWaiting' | 'missingWaitingPerPeer' | 'withheldPause' | 'longestWithheldPause'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly tasks: Tasks;
  /** All peers that have announced a block that builds on the target. */
  readonly announcers: (target: Hash) => readonly PeerId[];
  /** Closes the gap if possible. */
  readonly search: (gap: Gap, signal: AbortSignal) => Promise<SearchOutcome>;
  /** The gap was closed, or given up. */
  readonly onOver: (target: Hash) => void;
}

/** Peers whose failures are remembered. There are never that many live peers; at the bound the oldest is dropped. */
const maxPeers = 64;

/**
 * Decides which gap is searched for next. Blocks without parents cost nothing to make up, and each would occupy a request. So a peer has
 * few turns. A peer that cannot give what it announced has no turn for a while, longer each time. This proves no lie, so the peer is
 * paused, never banned.
 */
export class GapQueue {
  readonly #options: GapQueueOptions;
  readonly #running = new Map<Hash, Gap>();
  #waiting: Gap[] = [];
  readonly #withheld = new Map<PeerId, { readonly times: number; readonly until: number }>();

  constructor(options: GapQueueOptions) {
    this.#options = options;
  }

  /** Whether a search for the target is running or waiting. */
  has(target: Hash): boolean {
    return this.#running.has(target) || this.#waiting.some((gap) => gap.target === target);
  }

  /** Returns false if there is no room for it now; then the branch is not worth keeping. */
  add(gap: Gap): boolean {
    if (this.has(gap.target)) return true;
    if (!this.#hasTurn(gap.peer) || this.#waiting.length >= this.#options.settings.missingWaiting) return false;
    this.#waiting.push(gap);
    this.#fill();
    return true;
  }

  #hasTurn(peer: PeerId): boolean {
    const { settings, clock } = this.#options;
    if ((this.#withheld.get(peer)?.until ?? 0) > clock.monotonic()) return false;
    return this.#waiting.filter((other) => other.peer === peer).length < settings.missingWaitingPerPeer;
  }

  /** Starts waiting searches; peers with the fewest withheld gaps come first. */
  #fill(): void {
    const { settings } = this.#options;
    while (this.#running.size < settings.missingInFlight) {
      const next = this.#waiting
        .filter(({ peer }) => Array.from(this.#running.values()).filter((gap) => gap.peer === peer).length < settings.missingInFlightPerPeer)
        .toSorted((a, b) => this.withheld(a.peer) - this.withheld(b.peer))[0];
      if (!next) return;
      this.#waiting = this.#waiting.filter((gap) => gap !== next);
      this.#start(next);
    }
  }

  #start(gap: Gap): void {
    const { tasks, search, onOver } = this.#options;
    this.#running.set(gap.target, gap);
    tasks.run(async (signal) => {
      try {
        const outcome = await search(gap, signal);
        if (outcome === 'served') this.#withheld.delete(gap.peer);
        if (outcome === 'withheld') this.#mark(gap.peer);
      } finally {
        this.#running.delete(gap.target);
        onOver(gap.target);
        if (!signal.aborted) this.#fill();
      }
    });
  }

  /** How often in a row a peer has not given what it had announced. */
  withheld(peer: PeerId): number {
    return this.#withheld.get(peer)?.times ?? 0;
  }

  #mark(peer: PeerId): void {
    const { settings, clock, announcers, onOver } = this.#options;
    const times = this.withheld(peer) + 1;
    const pause = Math.min(settings.longestWithheldPause, settings.withheldPause * 2 ** Math.min(times - 1, 30));
    this.#withheld.delete(peer);
    this.#withheld.set(peer, { times, until: clock.monotonic() + pause });
    if (this.#withheld.size > maxPeers) this.#withheld.delete(this.#withheld.keys().next().value!);
    // Its other announcements are searched for only if another peer has announced them too.
    const doomed = this.#waiting.filter((gap) => gap.peer === peer);
    this.#waiting = this.#waiting.filter((gap) => gap.peer !== peer);
    for (const gap of doomed) {
      const { target } = gap;
      const other = announcers(target).find((announcer) => announcer !== peer && this.#hasTurn(announcer));
      if (other === undefined) onOver(target);
      else this.#waiting.push({ ...gap, peer: other });
    }
  }
}
