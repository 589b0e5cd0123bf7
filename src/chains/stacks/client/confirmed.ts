/**
 * Which blocks are confirmed: at or below the parent of the first block of the tenure before the newest one, so that at least two later tenures are on them
 * (Stacks reference, 10: the newest two tenures are never confirmed).
 * @module
 */

/**
 * How many blocks after a confirmed one are confirmed, too. `root`: the tenure of that block; undefined: it is not known, which counts as another one than
 * any. `tenures`: of each block that follows on it, in order, where all are certified, or hashes bind them to a certified one.
 */
export function confirmedCount(root: string | undefined, tenures: readonly string[]): number {
  const starts = tenures.flatMap((tenure, i) => (tenure === (i === 0 ? root : tenures[i - 1]) ? [] : [i]));
  return starts.at(-2) ?? 0;
}
