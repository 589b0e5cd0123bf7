import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';

/** The system's clock with waits that are `factor` times shorter: for clients that poll servers on loopback. */
export function fastClock(factor: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * factor,
    after: (ms, callback) => systemClock.after(ms / factor, callback),
  };
}
