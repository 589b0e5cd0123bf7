/**
 * Writes what changed to the store. One write is under way at a time; of what changes meanwhile each thing is written once, as it is then.
 */
export class DirtyRows<K> {
  readonly #write: (keys: readonly K[]) => Promise<void>;
  readonly #onFailed: () => void;
  readonly #step: number;
  readonly #dirty = new Set<K>();
  #writing: Promise<void> | undefined;

  /** `write` gets at most `step` keys. What cannot be written is told, and not tried again. */
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

  /** Nothing of what was noted is to be written any more. */
  clear(): void {
    this.#dirty.clear();
  }

  /** Resolves when what was noted is written, or cannot be. */
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
