import type { Fq3Store } from '../mnt6/fq3-backend.ts';
import { LIMBS } from './field-layout.ts';
import type { MemoryStack } from './memory-stack.ts';

/** Doubles per element: three of the four in each of its groups. */
const DOUBLES = 3 * LIMBS;

/** Elements stored outside of the module's memory, 360 bytes each. */
export class ElementStore implements Fq3Store<number> {
  readonly #stack: MemoryStack;
  #kept: Float64Array;
  #length = 0;

  constructor(stack: MemoryStack, capacity: number) {
    this.#stack = stack;
    this.#kept = new Float64Array(Math.max(1, capacity) * DOUBLES);
  }

  get length(): number {
    return this.#length;
  }

  push(element: number): void {
    const end = (this.#length + 1) * DOUBLES;
    if (end > this.#kept.length) {
      const larger = new Float64Array(2 * end);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    const { doubles } = this.#stack;
    const kept = this.#kept;
    for (let to = end - DOUBLES, from = element / 8; to < end; to += 3, from += 4) {
      kept[to] = doubles[from]!;
      kept[to + 1] = doubles[from + 1]!;
      kept[to + 2] = doubles[from + 2]!;
    }
    this.#length += 1;
  }

  get(index: number): number {
    const element = this.#stack.push();
    const { doubles } = this.#stack;
    const kept = this.#kept;
    for (let from = index * DOUBLES, to = element / 8; from < (index + 1) * DOUBLES; from += 3, to += 4) {
      doubles[to] = kept[from]!;
      doubles[to + 1] = kept[from + 1]!;
      doubles[to + 2] = kept[from + 2]!;
      doubles[to + 3] = 0;
    }
    return element;
  }
}
