import type { Fq3Store } from '../mnt6/fq3-backend.ts';
import { ELEMENT_BYTES } from './field-layout.ts';
import type { MemoryStack } from './memory-stack.ts';

/** Doubles of an element. */
const DOUBLES = ELEMENT_BYTES / 8;

/** Elements outside of the module's memory, 480 bytes each. */
export class ElementStore implements Fq3Store<number> {
  readonly #stack: MemoryStack;
  #doubles: Float64Array;
  #length = 0;

  constructor(stack: MemoryStack, capacity: number) {
    this.#stack = stack;
    this.#doubles = new Float64Array(Math.max(1, capacity) * DOUBLES);
  }

  get length(): number {
    return this.#length;
  }

  push(element: number): void {
    const at = this.#length * DOUBLES;
    if (at === this.#doubles.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#doubles);
      this.#doubles = larger;
    }
    this.#doubles.set(this.#stack.doubles.subarray(element / 8, element / 8 + DOUBLES), at);
    this.#length += 1;
  }

  get(index: number): number {
    const element = this.#stack.push();
    this.#stack.doubles.set(this.#doubles.subarray(index * DOUBLES, (index + 1) * DOUBLES), element / 8);
    return element;
  }
}
