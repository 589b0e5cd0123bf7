/** The listeners of a client by their handles: numbers from 1 on, as the official client gives them. */
export class Listeners {
  readonly #stops = new Map<number, () => void>();
  #last = 0;

  /** @param stop ends what calls the listener. */
  add(stop: () => void): number {
    this.#last += 1;
    this.#stops.set(this.#last, stop);
    return this.#last;
  }

  /** An unknown handle is no error. */
  remove(handle: number): void {
    const stop = this.#stops.get(handle);
    this.#stops.delete(handle);
    stop?.();
  }

  clear(): void {
    for (const handle of Array.from(this.#stops.keys())) this.remove(handle);
  }
}
