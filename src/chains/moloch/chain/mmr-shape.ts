/**
 * The shape of a Merkle mountain range, from the number of its leaves alone (Moloch reference, 2.5). Positions are in post-order: a parent stands after its children. There
 * is one perfect tree, a mountain, for each bit of the number of leaves, the largest first.
 * @module
 */
// Tests: `src/chains/moloch/chain/mmr.test.ts`.

/** Bits that are set in a whole number below 2^53. */
function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** The position of a leaf. */
export function leafPosition(leaf: number): number {
  return 2 * leaf - popcount(leaf);
}

/** Positions in all, for so many leaves. */
export function mmrSize(leaves: number): number {
  return 2 * leaves - popcount(leaves);
}

export interface Mountain {
  /** Levels above the leaves: 2^height leaves, 2^(height + 1) - 1 positions. */
  readonly height: number;
  readonly firstLeaf: number;
  readonly firstPosition: number;
}

/** From left to right. */
export function mountains(leaves: number): readonly Mountain[] {
  const all: Mountain[] = [];
  let firstLeaf = 0;
  let firstPosition = 0;
  for (let height = Math.floor(Math.log2(Math.max(1, leaves))); height >= 0; height -= 1) {
    const width = 2 ** height;
    if (Math.floor(leaves / width) % 2 === 0) continue;
    all.push({ height, firstLeaf, firstPosition });
    firstLeaf += width;
    firstPosition += 2 * width - 1;
  }
  return all;
}

/** The position of a mountain's peak. */
export function peakPosition({ height, firstPosition }: Mountain): number {
  return firstPosition + 2 ** (height + 1) - 2;
}

/** The positions of the siblings of a leaf inside of its mountain, bottom up. */
export function siblingPositions(mountain: Mountain, leaf: number): readonly number[] {
  const siblings: number[] = [];
  let first = mountain.firstPosition;
  let inside = leaf - mountain.firstLeaf;
  for (let height = mountain.height; height > 0; height -= 1) {
    // The left half has 2^height - 1 positions and ends with its root. So does the right half, which follows.
    const half = 2 ** height - 1;
    const leftRoot = first + half - 1;
    if (inside >= 2 ** (height - 1)) {
      siblings.unshift(leftRoot);
      first += half;
      inside -= 2 ** (height - 1);
    } else {
      siblings.unshift(leftRoot + half);
    }
  }
  return siblings;
}
