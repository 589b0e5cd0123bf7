import type { Clock } from '../../engine/clock.ts';
import type { Tasks } from '../../engine/tasks.ts';
import type { Hash } from '../wire/types.ts';
import type { PeerId } from './net.ts';
import type { SyncSettings } from './settings.ts';

/** A gap: the blocks up to `target` are missing, and `peer` has announced what stands on them. */
export interface Gap {
  readonly target: Hash;
  readonly height: number;
  readonly peer: PeerId;
  /** A head round has brought it: others have named it too, and rounds are few. */
  readonly ofRound?: boolean;
}

/** What the announcer did: gave blocks; could not, or would not, serve what it had announced; was not asked. */
export type SearchOutcome = 'served' | 'withheld' | 'not-asked';

export interface MissingRequestsOptions {
  readonly settings: Pick<SyncSettings, 'missingInFlight' | 'missingInFlightPerPeer' | 'missingWaiting' | 'missingWaitingPerPeer' | 'withheldPause' | 'longestWithheldPause'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly tasks: Tasks;
  /** All that have announced something that stands on the target. */
  readonly announcers: (target: Hash) => readonly PeerId[];
  /** Closes the gap if it can. */
  readonly search: (gap: Gap, signal: AbortSignal) => Promise<SearchOutcome>;
  /** The gap is closed, or given up. */
  readonly onOver: (target: Hash) => void;
}

/** Peers whose failings are remembered; there are never that many live ones. At the bound the oldest goes. */
const maxPeers = 64;

/**
 * Whose gap is searched for when. Blocks without parents cost nothing to make up, and each would hold up a request: so a peer has few
 * turns, and one that cannot serve what it has announced has none for a while, longer each time. What it proves is nothing, so that is all.
 */
export class MissingRequests {
  readonly #options: MissingRequestsOptions;
  readonly #running = new Map<Hash, Gap>();
  #waiting: Gap[] = [];
  readonly #withheld = new Map<PeerId, { readonly times: number; readonly until: number }>();

  constructor(options: MissingRequestsOptions) {
    this.#options = options;
  }

  /** Running or waiting. */
  has(target: Hash): boolean {
    return this.#running.has(target) || this.#waiting.some((gap) => gap.target === target);
  }

  /** False: not now; the branch is not worth keeping. */
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

  /** Whoever has withheld least comes first. */
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

  /** How often in a row a peer has not served what it had announced. */
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
    // What it has announced besides is worth a search only if somebody else has announced it too.
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
