/** A `BroadcastChannel` of one origin: what one says, all others made with the same list hear. */
export class FakeChannel extends EventTarget {
  readonly #others: Set<FakeChannel>;
  constructor(all: Set<FakeChannel> = new Set()) {
    super();
    this.#others = all.add(this);
  }
  postMessage(data: unknown): void {
    this.say(data);
  }
  say(said: unknown): void {
    const data = structuredClone(said);
    for (const other of this.#others) if (other !== this) queueMicrotask(() => other.dispatchEvent(Object.assign(new Event('message'), { data })));
  }
  close(): void {
    this.#others.delete(this);
  }
}
