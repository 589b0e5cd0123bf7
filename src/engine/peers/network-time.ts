import type { Clock } from '../../base/clock.ts';
import { isCheapNetwork, isUnjudged } from './witness-network.ts';

/** How far the device's clock is from the time that the networks agree on. */
export interface ClockError {
  readonly kind: 'ahead' | 'behind';
  /** The difference, at least this many milliseconds. */
  readonly by: number;
  /** The number of networks that agree on it. */
  readonly networks: number;
}

/** Milliseconds that a clock may be wrong: two honest clocks differ by less, and on the main network a head older than this is stale. */
const TOLERANCE = 60_000;
/** Milliseconds after which a reported time no longer counts. */
const MAX_AGE = 30 * 60_000;
/** Networks remembered. At the bound, the network that was silent longest is dropped. */
const MAX_NETWORKS = 64;

/** Times kept per network: the newest ones, so that a corrected clock is believed soon. */
const MAX_SAID = 8;

interface Said {
  /** Lower bounds on the network's clock at monotonic 0, from the last reported times. */
  readonly starts: readonly number[];
  /** The upper bound. */
  readonly most: number;
  /** The upper bound by the last time that a peer there signed as its own. */
  readonly own: number;
  /** Monotonic time of the last report. */
  readonly at: number;
}

/**
 * Finds out whether the device's clock is wrong. Peers tell the time by what they sign: their contacts, and the blocks that they announce.
 * Each network counts once. Cheap networks cost an attacker nothing: if there are others too, all cheap ones together count once. So do
 * they while one of them is not judged yet. The
 * median of all networks decides, so that a lie needs half of them. Times are stored relative to the monotonic clock, so that a jump of the
 * device's clock shows at once.
 */
export class NetworkTime {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #wanted: number;
  readonly #networks = new Map<string, Said>();

  /** @param options.wanted number of networks that must have told the time */
  constructor({ clock, wanted }: { readonly clock: Pick<Clock, 'now' | 'monotonic'>; readonly wanted: number }) {
    this.#clock = clock;
    this.#wanted = wanted;
  }

  /** A peer of this network has signed a time (unix milliseconds) that was then at most `slack` milliseconds ago on its clock. */
  said(network: string, time: number, slack: number): void {
    this.#note(network, time, slack, time - this.#clock.monotonic() + slack);
  }

  /**
   * A peer of this network has passed on the time of a block, at most `slack` milliseconds after its producer stamped it. Nodes accept a block that is dated some
   * minutes ahead, and no block is dated before its parent. So this time counts only up to the bound that the network's peers gave with times of their own.
   */
  passedOn(network: string, time: number, slack: number): void {
    this.#note(network, time, slack, this.#networks.get(network)?.own ?? Infinity);
  }

  #note(network: string, time: number, slack: number, own: number): void {
    const at = this.#clock.monotonic();
    const known = this.#networks.get(network);
    const before = known && at - known.at < MAX_AGE ? known.starts : [];
    const starts = [...before, time - at].slice(-MAX_SAID);
    this.#networks.delete(network);
    this.#networks.set(network, { starts, most: Math.max(...starts, time - at + slack), own, at });
    for (const oldest of this.#networks.keys()) {
      if (this.#networks.size <= MAX_NETWORKS) break;
      this.#networks.delete(oldest);
    }
  }

  /** The monotonic clock may have stood still while the machine slept. The true time is later than computed, by an unknown amount. */
  slept(): void {
    for (const [network, said] of this.#networks) this.#networks.set(network, { ...said, most: Infinity, own: Infinity });
  }

  /** Undefined while too few networks have told the time, or if they agree with the device. */
  get error(): ClockError | undefined {
    const monotonic = this.#clock.monotonic();
    const all = Array.from(this.#networks).flatMap(([network, { starts, most, own, at }]) => (monotonic - at < MAX_AGE ? [{ network, least: Math.min(Math.max(...starts), own), most }] : []));
    const cheap = all.filter(({ network }) => isCheapNetwork(network));
    const dear = all.filter(({ network }) => !isCheapNetwork(network));
    const apart = cheap.length === 0 || (dear.length === 0 && !cheap.some(({ network }) => isUnjudged(network)));
    const said = apart ? all : [...dear, { least: middle(cheap.map(({ least }) => least)), most: middle(cheap.map(({ most }) => most)) }];
    if (said.length < this.#wanted) return undefined;
    const ours = this.#clock.now() - monotonic;
    const behind = middle(said.map(({ least }) => least - ours));
    if (behind > TOLERANCE) return { kind: 'behind', by: behind, networks: said.filter(({ least }) => least - ours > TOLERANCE).length };
    const ahead = middle(said.map(({ most }) => ours - most));
    return ahead > TOLERANCE ? { kind: 'ahead', by: ahead, networks: said.filter(({ most }) => ours - most > TOLERANCE).length } : undefined;
  }
}

/** The lower median: more than half of the values are as large, or larger. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}
