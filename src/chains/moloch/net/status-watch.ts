import type { Clock } from '../../../base/clock.ts';

/** Milliseconds between two of our statuses (Moloch reference, 6.8). */
export const STATUS_PERIOD = 30_000;
/** Milliseconds without a status of the peer, after which it is pinged (Moloch reference, 6.8). */
export const STATUS_SILENCE = 90_000;
/** Milliseconds for the pong. Ours: the deadline of a connection (Moloch reference, 2.11). */
export const PONG_TIME = 10_000;

export interface StatusWatchHooks {
  /** Sends our status. */
  readonly send: () => void;
  /** Sends a ping; resolves when the pong came, rejects otherwise. */
  readonly ping: () => Promise<void>;
  /** Neither a status nor a pong came. */
  readonly onSilent: () => void;
}

/** Sends a status every 30 s, and looks whether the peer does: after 90 s without one it is pinged, and given up if it does not answer. */
export class StatusWatch {
  readonly #clock: Clock;
  readonly #hooks: StatusWatchHooks;
  #cancelSend: () => void;
  #cancelSilence: () => void;
  #stopped = false;

  constructor(clock: Clock, hooks: StatusWatchHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#cancelSend = clock.after(STATUS_PERIOD, this.#send);
    this.#cancelSilence = clock.after(STATUS_SILENCE, this.#onSilence);
  }

  /** The peer sent its status. */
  heard(): void {
    if (this.#stopped) return;
    this.#cancelSilence();
    this.#cancelSilence = this.#clock.after(STATUS_SILENCE, this.#onSilence);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelSend();
    this.#cancelSilence();
  }

  readonly #send = (): void => {
    // Before the status, because sending it may end the connection and stop this watch.
    this.#cancelSend = this.#clock.after(STATUS_PERIOD, this.#send);
    this.#hooks.send();
  };

  readonly #onSilence = (): void => {
    this.#hooks.ping().then(
      () => this.heard(),
      () => {
        if (!this.#stopped) this.#hooks.onSilent();
      },
    );
  };
}
