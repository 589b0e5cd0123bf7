import type { Clock } from '../../src/base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Like `VirtualClock`, for worlds in which all work apart from timers happens in promises. So one turn of the event loop between
 * two timers is enough. A heap holds the timers.
 */
export class SimClock implements Clock {
  readonly #start: number;
  readonly #heap: Timer[] = [];
  readonly #cancelled = new Set<Timer>();
  #time = 0;
  #order = 0;
  /** Milliseconds by which the device's clock is currently wrong. */
  skew = 0;

  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#time + this.skew;
  }

  monotonic(): number {
    return this.#time;
  }

  /** Number of timers that have neither run nor been cancelled. */
  get pending(): number {
    return this.#heap.length - this.#cancelled.size;
  }

  after(ms: number, callback: () => void): () => void {
    let over = false;
    const run = () => {
      over = true;
      callback();
    };
    const timer = { at: this.#time + Math.max(0, ms), order: (this.#order += 1), callback: run };
    this.#push(timer);
    return () => {
      if (!over) this.#cancelled.add(timer);
      over = true;
    };
  }

  /** Lets `ms` of virtual time pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await turn();
    while (this.#runNext(end)) await turn();
    this.#time = end;
  }

  /** Lets time pass until `condition` holds. Returns false if it does not within `limit` milliseconds, or if no timer is left. */
  async until(condition: () => boolean, limit: number): Promise<boolean> {
    const end = this.#time + limit;
    await turn();
    while (!condition()) {
      if (!this.#runNext(end)) return false;
      await turn();
    }
    return true;
  }

  #runNext(end: number): boolean {
    for (;;) {
      const first = this.#heap[0];
      if (!first) return false;
      const cancelled = this.#cancelled.has(first);
      if (!cancelled && first.at > end) return false;
      this.#pop();
      if (cancelled) {
        this.#cancelled.delete(first);
        continue;
      }
      this.#time = Math.max(this.#time, first.at);
      first.callback();
      return true;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (earlier(heap[parent]!, heap[index]!)) return;
      [heap[parent], heap[index]] = [heap[index]!, heap[parent]!];
      index = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let index = 0; ; ) {
      let child = 2 * index + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (earlier(heap[index]!, heap[child]!)) return;
      [heap[index], heap[child]] = [heap[child]!, heap[index]!];
      index = child;
    }
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
