/**
 * Which blocks of epoch 2.x are asked for, by sortition height (BlockDownloader). A browser resolves names itself, so that the states of name lookups do not occur;
 * microblocks are not fetched, because no header of a light client needs them (Stacks reference, 11).
 * @module
 */

/** Milliseconds between two scans that found nothing, before a block that came and is still wanted is asked for again, and of the ban of a failing source (Stacks reference, 11). */
export const SCAN_INTERVAL = 180_000;
export const RETRY_TIME = 60_000;
export const SOURCE_BAN_TIME = 300_000;
/** Requests at a time, as in Nakamoto. */
const MAX_IN_FLIGHT = 6;
/** Heights that one scan looks at above the cursor: a cycle of the main network. */
const WINDOW = 2100;

export type Epoch2DownloadState = 'GetBlocksBegin' | 'GetBlocksFinish' | 'Done';

export interface Epoch2DownloadContext {
  /** The last sortition height of epoch 2.x; in the transition Nakamoto's machine has those above. */
  readonly lastHeight: number;
  /** Whether a block is wanted for this sortition: somebody won it, and its block is not here. */
  readonly isWanted: (burnHeight: number) => boolean;
  /** The sources whose inventory has the block. */
  readonly servedBy: (burnHeight: number) => readonly string[];
}

export interface Epoch2Request {
  readonly burnHeight: number;
  readonly source: string;
}

export class Epoch2Downloads {
  /** The lowest sortition height that may be wanted. */
  #cursor: number;
  #scannedAt = -Infinity;
  readonly #inFlight = new Map<number, string>();
  readonly #askedAt = new Map<number, number>();
  readonly #bannedUntil = new Map<string, number>();

  constructor(firstHeight: number) {
    this.#cursor = firstHeight;
  }

  get cursor(): number {
    return this.#cursor;
  }

  state({ lastHeight }: Pick<Epoch2DownloadContext, 'lastHeight'>): Epoch2DownloadState {
    if (this.#inFlight.size > 0) return 'GetBlocksFinish';
    return this.#cursor > lastHeight ? 'Done' : 'GetBlocksBegin';
  }

  /** The requests to send now: those of the fewest sources first, one at a time a source. After a scan that found nothing, none for 180 s. */
  poll(now: number, context: Epoch2DownloadContext): readonly Epoch2Request[] {
    this.#advance(context);
    if (now - this.#scannedAt < SCAN_INTERVAL || this.#inFlight.size >= MAX_IN_FLIGHT) return [];
    for (const [source, until] of this.#bannedUntil) if (now >= until) this.#bannedUntil.delete(source);
    const requests: Epoch2Request[] = [];
    const busy = new Set(this.#inFlight.values());
    const waiting = this.#waiting(now, context);
    for (const { burnHeight, sources } of waiting) {
      const source = sources.find((it) => !busy.has(it));
      if (source === undefined) continue;
      busy.add(source);
      this.#inFlight.set(burnHeight, source);
      this.#askedAt.set(burnHeight, now);
      requests.push({ burnHeight, source });
      if (this.#inFlight.size >= MAX_IN_FLIGHT) break;
    }
    if (waiting.length === 0 && this.#inFlight.size === 0) this.#scannedAt = now;
    return requests;
  }

  /** The block came. While `isWanted` is still true for it, it is asked for again after 60 s. */
  onBlock(burnHeight: number): void {
    this.#inFlight.delete(burnHeight);
  }

  /** The source did not answer, or wrongly: it is not asked for 300 s, and the next source is asked. */
  onFailure(burnHeight: number, now: number): void {
    const source = this.#inFlight.get(burnHeight);
    if (source !== undefined) this.#bannedUntil.set(source, now + SOURCE_BAN_TIME);
    this.#inFlight.delete(burnHeight);
    this.#askedAt.delete(burnHeight);
  }

  /** New inventories: the next poll scans at once. */
  onInventory(): void {
    this.#scannedAt = -Infinity;
  }

  #advance({ lastHeight, isWanted }: Epoch2DownloadContext): void {
    while (this.#cursor <= lastHeight && !isWanted(this.#cursor)) this.#askedAt.delete(this.#cursor++);
  }

  #waiting(now: number, { lastHeight, isWanted, servedBy }: Epoch2DownloadContext): readonly { readonly burnHeight: number; readonly sources: readonly string[] }[] {
    const found: { readonly burnHeight: number; readonly sources: readonly string[] }[] = [];
    for (let burnHeight = this.#cursor; burnHeight <= Math.min(lastHeight, this.#cursor + WINDOW - 1); burnHeight += 1) {
      if (this.#inFlight.has(burnHeight) || now - (this.#askedAt.get(burnHeight) ?? -Infinity) < RETRY_TIME || !isWanted(burnHeight)) continue;
      const sources = servedBy(burnHeight).filter((it) => !this.#bannedUntil.has(it));
      if (sources.length > 0) found.push({ burnHeight, sources });
    }
    return found.toSorted((a, b) => a.sources.length - b.sources.length || a.burnHeight - b.burnHeight);
  }
}
