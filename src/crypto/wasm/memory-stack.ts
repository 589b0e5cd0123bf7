import type { Arena } from '../mnt6/arena.ts';
import { ARENA_START, ELEMENT_BYTES, MAX_PAGES } from './field-layout.ts';
import { CodedError } from '../../base/coded-error.ts';

const PAGE = 65_536;

/** A computation needs more memory than the limit; no properly bounded job does. */
export class FmaMemoryError extends CodedError<'out-of-memory'> {
  override readonly name = 'FmaMemoryError';
  constructor() {
    super('out-of-memory', `more than ${MAX_PAGES} pages of memory`);
  }
}

/** A stack of elements in the module's memory: every result is a new element on top. Grows as needed, up to `MAX_PAGES`. */
export class MemoryStack implements Arena<number> {
  readonly #memory: WebAssembly.Memory;
  #doubles: Float64Array;
  #top = ARENA_START;
  #end: number;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#doubles = new Float64Array(memory.buffer);
    this.#end = memory.buffer.byteLength;
  }

  /** The current view of the memory: an older view is unusable once the memory has grown. */
  get doubles(): Float64Array {
    return this.#doubles;
  }

  /** The address of a new element, not initialised. @throws {FmaMemoryError}. */
  push(): number {
    const element = this.#top;
    this.#top += ELEMENT_BYTES;
    if (this.#top > this.#end) this.#grow();
    return element;
  }

  mark(): number {
    return this.#top;
  }

  release(mark: number, kept: readonly number[]): readonly number[] {
    // Processed in the order of their addresses, each element moves down and never overwrites one that is still to be moved.
    const moved = kept.filter((element, i) => element >= mark && kept.indexOf(element) === i).sort((a, b) => a - b);
    let top = mark;
    for (const element of moved) {
      if (element !== top) this.#doubles.copyWithin(top / 8, element / 8, (element + ELEMENT_BYTES) / 8);
      top += ELEMENT_BYTES;
    }
    this.#top = top;
    return kept.map((element) => (element < mark ? element : mark + moved.indexOf(element) * ELEMENT_BYTES));
  }

  /** Doubles the memory, up to the limit. */
  #grow(): void {
    const pages = this.#end / PAGE;
    const more = Math.min(pages, MAX_PAGES - pages);
    if (more === 0) {
      this.#top -= ELEMENT_BYTES;
      throw new FmaMemoryError();
    }
    this.#memory.grow(more);
    this.#doubles = new Float64Array(this.#memory.buffer);
    this.#end = this.#memory.buffer.byteLength;
  }
}
