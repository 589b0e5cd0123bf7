import type { Clock } from '../engine/clock.ts';

/** The system's clock, for page and bridge, which do not import the network room that has the hub's. */
export const pageClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
