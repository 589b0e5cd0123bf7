import { pbkdf2Sync } from 'node:crypto';

/** Milliseconds that the measured work takes on one idle core of a server of 2024. */
const NOMINAL = 60;
const ITERATIONS = 100_000;
/** A measure that is off must not keep a hanging test running for hours. */
const MOST = 10;

/**
 * How slow this machine is now: 1 for a quiet core of a server of 2024, 3 if the same work takes three times as long. The time limits of
 * the tests are multiplied by this number. They stop tests that hang; a test on a slow machine must not reach them.
 */
export function slowness() {
  // The median of five: one turn may be lucky, or interrupted.
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    pbkdf2Sync('petrel', 'slowness', ITERATIONS, 32, 'sha256');
    return performance.now() - begun;
  }).toSorted((a, b) => a - b);
  return Math.min(MOST, Math.max(1, Math.ceil(times[2] / NOMINAL)));
}
