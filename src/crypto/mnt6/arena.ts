/**
 * The memory of a computation. A back end that keeps its elements in memory of its own takes them from a stack, and whoever runs a
 * computation says what is no longer needed; one whose elements are collected as garbage has nothing to do.
 *
 * Marks nest: what was made after a mark is released before anything made before it. So computations of one back end with an arena
 * may not take turns; each runs to its end, or is dropped, before the next begins.
 */
export interface Arena<E> {
  /** Where the stack ends now. */
  mark(): number;
  /**
   * Forgets all elements made since `mark` except those in `kept`, which come back in the same order, possibly moved: the old ones
   * are not to be used again. `kept` may hold elements in any order, older ones too, and the same one twice.
   */
  release(mark: number, kept: readonly E[]): readonly E[];
}

/** For elements that are collected as garbage. */
export const garbageCollected = {
  mark: () => 0,
  release: <E>(_: number, kept: readonly E[]) => kept,
};
