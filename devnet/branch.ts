import type { DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';

/** A branch that competes with the newest blocks of the main chain. */
export interface BranchPlan {
  /** Distance from the head down to the block that the branch builds on. */
  readonly back: number;
  /** Number of blocks in the branch. The macro block at the end of the batch may be the last of them. */
  readonly n: number;
  /** Whether its first block is a skip block. */
  readonly skip: boolean;
}

/** Why such a branch is not possible. */
export type BranchRefusal = 'below-macro' | 'past-macro' | 'exists';

/**
 * Makes the branch without adding it. Its blocks differ from all known blocks. A skip block is the exception: version 1 leaves no
 * free choice in it, so each parent has exactly one.
 */
export function makeBranch(chain: DevChain, { back, n, skip }: BranchPlan, now: number): readonly DevBlock[] | BranchRefusal {
  const base = chain.at(chain.head.height - back);
  if (!base || base.height < chain.macroHead.height) return 'below-macro';
  if (chain.policy.macroBlockAfter(base.height) < base.height + n) return 'past-macro';
  const made: DevBlock[] = [];
  const choice = `fork/${chain.known}`;
  for (let parent = base; made.length < n; parent = made.at(-1)!) {
    // A different timestamp than the competing block gives a different hash.
    const beside = chain.at(parent.height + 1);
    const timestamp = Math.max(parent.block.header.timestamp, (beside?.block.header.timestamp ?? Math.floor(now)) + 1);
    const block = chain.next({ parent, timestamp, choice, skip: skip && made.length === 0 });
    if (chain.byHash(block.hash)) return 'exists';
    made.push(block);
  }
  return made;
}
