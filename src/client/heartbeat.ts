import type { Clock } from '../base/clock.ts';

/** Milliseconds between two checks. Cheap, and within what browsers allow a hidden page's timers. */
const INTERVAL = 2_500;

/** Milliseconds of silence after which a sign of life is requested at every check. A working hub sends something every second. */
const PING_AFTER = 5_000;

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Milliseconds of silence, counted while this page runs, after which the other side counts as hung. */
  readonly patience: number;
  readonly ping: () => void;
  /** Called once; the checks then stop. */
  readonly onHung: () => void;
}

export interface Heartbeat {
  /** A sign of life. */
  heard(): void;
  stop(): void;
}

/**
 * Watches for messages from a thread that may hang without dying. If this page itself was frozen, asleep or busy, its own checks come late.
 * Then it received nothing because it did not run, so it restarts the count.
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
