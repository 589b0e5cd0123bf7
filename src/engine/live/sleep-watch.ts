import type { Clock } from '../../base/clock.ts';

/** Milliseconds between two checks of the clock. */
const INTERVAL = 5_000;

/**
 * A check that is late by this many milliseconds means that the machine slept, or that this thread was stopped. A socket may have died
 * meanwhile without an event.
 */
const TOO_LATE = 10_000;

/**
 * Detects that the machine slept, because the next check comes too late. The wall clock is checked too, as the monotonic clock stands still
 * in some kinds of sleep. Setting the wall clock forward looks the same; that costs a round of pings.
 * @param onWake is called with the milliseconds since the previous check.
 * @returns a function that ends the watch.
 */
export function watchSleep(clock: Clock, onWake: (slept: number) => void): () => void {
  let last = { now: clock.now(), monotonic: clock.monotonic() };
  const look = () => {
    const next = { now: clock.now(), monotonic: clock.monotonic() };
    const passed = Math.max(next.now - last.now, next.monotonic - last.monotonic);
    last = next;
    cancel = clock.after(INTERVAL, look);
    if (passed - INTERVAL > TOO_LATE) onWake(passed);
  };
  let cancel = clock.after(INTERVAL, look);
  return () => cancel();
}
