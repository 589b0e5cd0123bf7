/**
 * The memory of a computation. A back end with its own memory takes elements from a stack, and the code that runs a computation releases
 * what is no longer needed. A back end with garbage-collected elements does nothing here.
 *
 * Marks nest: elements made after a mark are released before anything made before it. So computations of one back end with an arena must
 * not interleave; each runs to its end, or is dropped, before the next begins.
 */
export interface Arena<E> {
  /** The current end of the stack. */
  mark(): number;
  /**
   * Drops all elements made since `mark` except those in `kept`. These are returned in the same order, possibly moved; the old references
   * must not be used again. `kept` may hold elements in any order, also older ones, and the same element twice.
   */
  release(mark: number, kept: readonly E[]): readonly E[];
}

/** For elements that are garbage-collected. */
export const garbageCollected = {
  mark: () => 0,
  release: <E>(_: number, kept: readonly E[]) => kept,
};
