import type { Policy } from '../chain/policy.ts';

/**
 * The election blocks between `head` and `target` that lead from one to the other, as heights from the head down: the head's interlink or its
 * `parentElectionHash` names the first, each names the next, and the last one names the target. None if the head itself names the target, if both
 * are one block, or if the target is the genesis block, which no interlink names and everybody knows. Albatross block reference, 8.3.
 * @param head the height of an election block.
 * @param target the height of an election block at or below it.
 */
export function interlinkHops(head: number, target: number, policy: Policy): number[] {
  const wanted = policy.epochAt(target);
  if (wanted === 0) return [];
  const hops: number[] = [];
  let epoch = policy.epochAt(head);
  // An election block names its parent, and for each power of 2 from 2 up the newest block whose epoch the power divides.
  while (epoch - 1 > wanted) {
    const step = furthestStep(epoch - 1, wanted);
    if (step === wanted) break;
    hops.push(policy.electionBlockOf(step));
    epoch = step;
  }
  return hops;
}

/** The lowest epoch at or above `wanted` that the block after epoch `newest` names. */
function furthestStep(newest: number, wanted: number): number {
  let power = 1;
  while (2 * power <= newest && Math.floor(newest / (2 * power)) * 2 * power >= wanted) power *= 2;
  return Math.floor(newest / power) * power;
}
