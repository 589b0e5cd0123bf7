import type { Clock } from '../engine/clock.ts';

/** Milliseconds between two looks at the clock. */
const INTERVAL = 5_000;

/** A look so many milliseconds late means that the machine slept, or that this thread was stopped: a socket may have died in that time without a word. */
const TOO_LATE = 10_000;

/**
 * Notices that the machine slept: the next look comes too late. The clock on the wall is asked too, as the monotonic one stands still in some sleeps; when
 * somebody sets it forward that looks the same, which costs a round of pings.
 * @param onWake is given the milliseconds since the look before.
 * @returns the end of it.
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
