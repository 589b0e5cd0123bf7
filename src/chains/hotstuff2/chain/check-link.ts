import type { Hash } from '../../../base/hash.ts';
import type { Header } from '../wire/header.ts';
import { leaderOf } from './quorum.ts';
import type { RuleCode } from './rule-code.ts';

/** A block as its child sees it. */
export interface ParentOf {
  readonly id: Hash;
  readonly header: Header;
}

/**
 * The rules between a block and its parent but those of validator sets: parent's hash, height, view (a child of genesis may have any), time.
 * Source: HotStuff-2 reference, 3.
 */
export function checkLink(parent: ParentOf, child: Header): RuleCode | undefined {
  if (child.chainId !== parent.header.chainId) return 'chain-id';
  if (child.height !== parent.header.height + 1) return 'height';
  if (child.parent !== parent.id) return 'parent';
  if (child.view <= parent.header.view && parent.header.height > 0) return 'view';
  if (child.time < parent.header.time) return 'time';
  return undefined;
}

/** The proposer is the leader of the view in the block's own set, of `n` validators. */
export function checkProposer({ height, proposer, view }: Header, n: number): RuleCode | undefined {
  return height === 0 || proposer === leaderOf(view, n) ? undefined : 'proposer';
}
