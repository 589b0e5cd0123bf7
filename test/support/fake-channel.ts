/** A `BroadcastChannel` of one origin. A message on one reaches all others made with the same list. */
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
