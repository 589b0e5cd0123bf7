/**
 * The shape of a history tree (a Merkle mountain range): its leaves stand in perfect binary trees, the peaks, each smaller than the one
 * to its left. Albatross block reference, 8.1.
 * @module
 */

/** A perfect binary tree inside the range. */
export interface Peak {
  /** The number of its first leaf. */
  readonly first: number;
  /** How many leaves it has: a power of 2. */
  readonly leaves: number;
}

/** The peaks from left to right. */
export function peaksOf(leafCount: number): Peak[] {
  const peaks: Peak[] = [];
  let first = 0;
  // Division, not shifts: a received count can have up to 53 bits.
  for (let leaves = largestPower(leafCount); leaves >= 1; leaves /= 2) {
    if (leafCount - first < leaves) continue;
    peaks.push({ first, leaves });
    first += leaves;
  }
  return peaks;
}

/** Nodes, leaves and inner ones, of a tree with so many leaves. */
export function nodeCount(leafCount: number): number {
  return 2 * leafCount - peaksOf(leafCount).length;
}

/** Leaves of the tree with so many nodes; undefined when no tree has this number. */
export function leafCountOf(nodes: number): number | undefined {
  let rest = nodes;
  let leafCount = 0;
  for (let leaves = largestPower(nodes); leaves >= 1; leaves /= 2) {
    // A perfect tree of n leaves has 2n - 1 nodes.
    if (rest < 2 * leaves - 1) continue;
    rest -= 2 * leaves - 1;
    leafCount += leaves;
  }
  return rest === 0 ? leafCount : undefined;
}

/** The largest power of 2 that is not above `value`; 0 for 0. */
function largestPower(value: number): number {
  if (value < 1) return 0;
  let power = 1;
  while (2 * power <= value) power *= 2;
  return power;
}
