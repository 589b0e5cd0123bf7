import type { Announcement } from './followed-chain.ts';

export interface Announced<B, F> {
  readonly peer: string;
  readonly announcement: Announcement<B, F>;
}

/** Announcements that wait; at the bound the oldest is dropped. What is dropped is missing then, is noticed as a gap, and is fetched. */
const MAX_WAITING = 512;
/** Bytes of blocks that wait: two of the largest answers. At the bound the oldest is dropped, whoever announced it. */
const MAX_BYTES = 16_777_216;
/** Announcements of one peer that wait. At the bound its own oldest is dropped, so one peer that announces too many does not push out those of others. */
const MAX_OF_PEER = 128;

/** What peers announced and the chain has not taken yet, in the order of arrival. */
export class AnnouncementQueue<B, F> {
  #waiting: readonly Announced<B, F>[] = [];
  #dropped = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** Announcements that were dropped because of a bound. */
  get dropped(): number {
    return this.#dropped;
  }

  push(peer: string, announcement: Announcement<B, F>): void {
    const all = [...this.#waiting, { peer, announcement }];
    const own = all.filter((one) => one.peer === peer);
    const over = own.length > MAX_OF_PEER ? own[0] : undefined;
    let kept = all.filter((one) => one !== over);
    while (kept.length > MAX_WAITING || (kept.length > 1 && bytesOf(kept) > MAX_BYTES)) kept = kept.slice(1);
    this.#dropped += all.length - kept.length;
    this.#waiting = kept;
  }

  shift(): Announced<B, F> | undefined {
    const [first, ...rest] = this.#waiting;
    this.#waiting = rest;
    return first;
  }

  /** Drops the blocks that a sync up to this height has covered. */
  covered(height: number): void {
    this.#waiting = this.#waiting.filter(({ announcement }) => announcement.kind === 'final' || announcement.item.height > height);
  }

  /** Drops what a banned peer announced. */
  leave(peer: string): void {
    this.#waiting = this.#waiting.filter((one) => one.peer !== peer);
  }

  clear(): void {
    this.#waiting = [];
  }
}

function bytesOf<B, F>(waiting: readonly Announced<B, F>[]): number {
  return waiting.reduce((sum, { announcement }) => sum + (announcement.kind === 'block' ? announcement.item.size : 0), 0);
}
