/**
 * Runs a computation that is divided into steps to its end, at once. A caller that must not block for long calls `next()` itself and lets
 * other work run between the steps.
 */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
