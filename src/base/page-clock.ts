import type { Clock } from './clock.ts';

/** The system's clock, for page and bridge: they do not import the network folder, which has the hub's clock. */
export const pageClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
