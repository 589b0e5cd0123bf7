import type { Clock } from '../engine/clock.ts';

/** Milliseconds between two looks. Cheap, and within what a hidden page's timers are allowed. */
const INTERVAL = 2_500;

/** Milliseconds without a word before the other side is asked for one, at every look. A hub at work has something to say every second. */
const PING_AFTER = 5_000;

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Milliseconds of silence, as this page lived them, after which the other side counts as hung. */
  readonly patience: number;
  readonly ping: () => void;
  /** Called once; nothing is looked at any more then. */
  readonly onHung: () => void;
}

export interface Heartbeat {
  /** A sign of life. */
  heard(): void;
  stop(): void;
}

/**
 * Watches whether anything is heard from a thread that may hang without dying. A page that was itself frozen, asleep or busy finds that out
 * by its own looks, which then come late; it has heard nothing because it did not listen, so it begins to count anew.
 */
export function startHeartbeat({ clock, patience, ping, onHung }: HeartbeatOptions): Heartbeat {
  let quiet = 0;
  let lookedAt = clock.monotonic();
  const look = () => {
    const passed = clock.monotonic() - lookedAt;
    lookedAt += passed;
    quiet = passed > INTERVAL * 2 ? 0 : quiet + passed;
    if (quiet >= patience) return onHung();
    cancel = clock.after(INTERVAL, look);
    if (quiet >= PING_AFTER) ping();
  };
  let cancel = clock.after(INTERVAL, look);
  return {
    heard() {
      quiet = 0;
    },
    stop: () => cancel(),
  };
}
