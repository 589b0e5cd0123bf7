/**
 * Peer connections that one page makes in all its life. Chromium allows 500 in a process, closed ones included, and the next throws; a reload does
 * not help (js-libp2p issue 2591). The rest is for whatever else the page does, and for other tabs in the same process.
 */
export const RTC_LIMIT = 300;

/** Where a tab's count outlives its reload. */
const KEY = 'petrel/rtc-made';

/** What is used of `sessionStorage`. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** How many peer connections this page may still make. Reloads count on; where there is no storage, they begin anew. */
export class RtcBudget {
  readonly #storage: TabStorage | undefined;
  #made: number;

  constructor(storage: () => TabStorage | undefined) {
    this.#storage = attempt(storage);
    const kept = Number(attempt(() => this.#storage?.getItem(KEY)) ?? 0);
    this.#made = Number.isInteger(kept) && kept > 0 ? kept : 0;
  }

  get spent(): boolean {
    return this.#made >= RTC_LIMIT;
  }

  /** One more is made. */
  spend(): void {
    this.#made++;
    attempt(() => this.#storage?.setItem(KEY, String(this.#made)));
  }
}

/** A page that may store nothing throws at every touch. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
