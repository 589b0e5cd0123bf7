/** How many of `n` validators may be faulty: floor((n - 1) / 3) (HotStuff-2 reference, 2). */
export function faultsOf(n: number): number {
  return Math.floor((n - 1) / 3);
}

/**
 * Signers that a certificate needs: max(2f + 1, floor((n + f) / 2) + 1), so that two quorums share a correct validator for every n. The Go library
 * takes 2f + 1, which is less for n = 5 and 6 (HotStuff-2 reference, 2.2).
 */
export function quorumOf(n: number): number {
  const f = faultsOf(n);
  return Math.max(2 * f + 1, Math.floor((n + f) / 2) + 1);
}

/** The proposer of a view: view mod n. */
export function leaderOf(view: number, n: number): number {
  return view % n;
}
