import type { Notice } from '../../bridge/contract.ts';
import { isPast, type NoticeState, standingNotices } from '../../bridge/standing-notices.ts';

/** Notices kept for tabs that join later; at the bound the oldest is dropped. */
const MAX_NOTICES = 16;

/** The notices that a tab gets when it joins: those whose cause still exists, and which nobody has closed. */
export class NoticeBoard {
  readonly #now: () => number;
  #notices: readonly Notice[] = [];
  readonly #closed = new WeakSet<Notice>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(notice: Notice): void {
    this.#notices = this.#notices.concat(notice).slice(-MAX_NOTICES);
  }

  /** A person closed the notice: it and all earlier ones with its code are not shown again. */
  close({ code, time }: Pick<Notice, 'code' | 'time'>): void {
    // They stay in the list, because they may have ended others.
    for (const notice of this.#notices) if (notice.code === code && notice.time <= time) this.#closed.add(notice);
  }

  /** Oldest first. */
  standing(state: NoticeState): readonly Notice[] {
    return standingNotices(this.#notices, state).filter((notice) => !this.#closed.has(notice) && !isPast(notice, this.#now()));
  }
}
