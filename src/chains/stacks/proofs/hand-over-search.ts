/**
 * Which block wrote the next signer set. Mostly it is the first of the prepare phase, but if the sortitions before brought no block, any later one may be
 * it. Once written, the entry stays, so that halving finds the block. Servers' answers are hints: the block's proof decides.
 */
export interface HandOverSearch {
  /** A block in whose state the entry is not. */
  readonly without: number;
  /** A later block in whose state it is. */
  readonly having: number;
}

/** The height to ask for next; undefined: `having` is the writing block. */
export function nextProbe({ without, having }: HandOverSearch): number | undefined {
  return having - without > 1 ? Math.floor((without + having) / 2) : undefined;
}

/** The search after an answer. A height outside of it changes nothing. */
export function afterProbe(search: HandOverSearch, height: number, has: boolean): HandOverSearch {
  if (height <= search.without || height >= search.having) return search;
  return has ? { ...search, having: height } : { ...search, without: height };
}
