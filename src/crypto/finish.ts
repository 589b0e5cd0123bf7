/**
 * Runs a computation that is cut in steps to its end, at once. Whoever must not block for long calls `next()` himself and lets other
 * work run between the steps.
 */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
