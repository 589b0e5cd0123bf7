import type { Clock } from '../../base/clock.ts';

/** What is done when nothing comes. Milliseconds since the last frame. */
export interface SilenceRule {
  readonly pingAfter: number;
  /** Longer than `pingAfter`. */
  readonly closeAfter: number;
  /** Sends the protocol's ping, or another request whose answer shows that the peer lives. Its errors are ignored: the silence goes on then. */
  readonly ping: () => void;
}

/** Notices that a peer is silent: calls `ping` after one time, and `onSilent` after a longer one. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #rule: SilenceRule;
  readonly #onSilent: () => void;
  #cancel: () => void;
  #last: number;

  constructor(clock: Clock, rule: SilenceRule, onSilent: () => void) {
    this.#clock = clock;
    this.#rule = rule;
    this.#onSilent = onSilent;
    this.#last = clock.monotonic();
    this.#cancel = clock.after(rule.pingAfter, this.#look);
  }

  /** Something came. */
  heard(): void {
    this.#last = this.#clock.monotonic();
  }

  stop(): void {
    this.#cancel();
  }

  /** One timer for all: frames only note the time, and the timer looks how long it is since. */
  readonly #look = (): void => {
    const { pingAfter, closeAfter, ping } = this.#rule;
    const silent = this.#clock.monotonic() - this.#last;
    if (silent < pingAfter) {
      this.#cancel = this.#clock.after(pingAfter - silent, this.#look);
      return;
    }
    if (silent >= closeAfter) return this.#onSilent();
    // Scheduled before the ping, which may end the connection and stop this watch.
    this.#cancel = this.#clock.after(closeAfter - silent, this.#look);
    try {
      ping();
    } catch {
      // The connection is closed when the silence has lasted long enough.
    }
  };
}
