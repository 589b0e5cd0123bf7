/**
 * Writes changes to the store. Only one write is under way at a time. A thing that changes meanwhile, even repeatedly, is written once, in
 * its latest state.
 */
export class DirtyRows<K> {
  readonly #write: (keys: readonly K[]) => Promise<void>;
  readonly #onFailed: () => void;
  readonly #step: number;
  readonly #dirty = new Set<K>();
  #writing: Promise<void> | undefined;

  /** `write` gets at most `step` keys. A failed write is reported and not retried. */
  constructor(write: (keys: readonly K[]) => Promise<void>, onFailed: () => void, step = 1) {
    this.#write = write;
    this.#onFailed = onFailed;
    this.#step = step;
  }

  note(key: K): void {
    this.#dirty.add(key);
    this.#writing ??= this.#run().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Drops everything that is noted and not yet written. */
  clear(): void {
    this.#dirty.clear();
  }

  /** Resolves when everything noted is written, or cannot be. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #run(): Promise<void> {
    while (this.#dirty.size > 0) {
      const keys = [...this.#dirty].slice(0, this.#step);
      for (const key of keys) this.#dirty.delete(key);
      try {
        await this.#write(keys);
      } catch {
        this.#onFailed();
      }
    }
  }
}
