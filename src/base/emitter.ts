/**
 * A typed event emitter. Listeners are called synchronously in the order of their registration. If a listener throws, the others are still
 * called. The first error goes to `failed` after all have run.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<PropertyKey, Set<(event: never) => void>>();
  readonly #failed: ((error: unknown, name: string) => void) | undefined;

  /** @param failed Takes a listener's error, so that it does not reach the code that emits. Without it, `emit` throws the error. */
  constructor(failed?: (error: unknown, name: string) => void) {
    this.#failed = failed;
  }

  /** Registers `listener`; the returned function removes it. */
  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as (event: never) => void);
    return () => void set.delete(listener as (event: never) => void);
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    let failure: { error: unknown } | undefined;
    // A copy, so that a listener may add and remove listeners.
    const listeners = Array.from(this.#listeners.get(name) ?? []);
    for (const listener of listeners) {
      try {
        (listener as (event: Events[K]) => void)(event);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (!failure) return;
    if (!this.#failed) throw failure.error;
    this.#failed(failure.error, String(name));
  }
}
