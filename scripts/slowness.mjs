import { pbkdf2Sync } from 'node:crypto';

/** Milliseconds that the measured work takes on one idle core of a server of 2024. */
const NOMINAL = 60;
const ITERATIONS = 100_000;
/** A measure that is off must not keep a hanging test running for hours. */
const MOST = 10;

/**
 * How many times as long as on a quiet machine something takes here and now, at least 1. The tests' limits of time are multiplied by it:
 * they are there for what hangs, not for what is slow.
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
