/**
 * Peer connections that one page may make in its lifetime. Chromium allows 500 in a process, closed ones included, and the next one throws;
 * a reload does not reset that (js-libp2p issue 2591). The rest is left for other uses by the page, and for other tabs in the same process.
 */
export const RTC_LIMIT = 300;

/** The key under which a tab's count survives a reload. */
const KEY = 'petrel/rtc-made';

/** The used part of `sessionStorage`. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Counts how many peer connections this page may still make. The count survives reloads; without storage it starts again. */
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

  /** Counts one more connection. */
  spend(): void {
    this.#made++;
    attempt(() => this.#storage?.setItem(KEY, String(this.#made)));
  }
}

/** A page without permission to store anything throws at every access. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
