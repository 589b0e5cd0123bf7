/**
 * The rules of a row of linked blocks that follows on a final block: which certificates have to be checked, whether the sets hand over, how far it is
 * final. Source: HotStuff-2 reference, 3 (fast path) and 4.6.
 * @module
 */
import type { RunFault, Target } from '../../../engine/sync/sync-chain.ts';
import { handOver, hasOpenAnnouncement } from './hand-over.ts';
import type { SetStanding } from './hand-over.ts';
import type { Hs2Item } from './hs2-block.ts';
import { faultOf } from './rule-code.ts';
import { finalIndex, isTwoChain } from './verify-finality.ts';

/**
 * The indices of the certificates that suffice, ascending: of the last two blocks of consecutive views, which make all before them final; of the last
 * block; and of every block with an open announcement, because these must become final by their own set, with the last block of each set.
 */
export function certificatesToCheck(run: readonly Hs2Item[]): readonly number[] {
  const headers = run.map(({ block }) => block.header);
  const pair = finalIndex(headers.map(({ view }) => view));
  return [...headers.keys()].filter((i) => {
    const isLastOfSet = headers[i + 1]?.validators !== headers[i]!.validators;
    return isLastOfSet || (pair >= 0 && (i === pair || i === pair + 1)) || hasOpenAnnouncement(headers[i]!);
  });
}

export interface SetsOfRun {
  /** After each block that keeps the rules. */
  readonly standings: readonly SetStanding[];
  readonly fault: RunFault | undefined;
}

/** Follows the sets along the run, from the standing of its parent. */
export function followSets(parent: SetStanding, run: readonly Hs2Item[]): SetsOfRun {
  const standings: SetStanding[] = [];
  for (const item of run) {
    const next = handOver(standings.at(-1) ?? parent, item.block.header);
    if (typeof next === 'string') return { standings, fault: { ...faultOf(next, item), at: item.height } };
    standings.push(next);
  }
  return { standings, fault: undefined };
}

/**
 * The index of the last final block of a run; -1: none. Final are the blocks up to the first of the last two of consecutive views whose certificates were
 * both checked, and up to a block that was proven final.
 */
export function finalInRun(run: readonly Hs2Item[], target: Target, isCertified: (item: Hs2Item) => boolean): number {
  const proven = target.proven ? run.findIndex(({ height, id }) => height === target.height && id === target.id) : -1;
  for (let i = run.length - 2; i > proven; i -= 1) {
    const [parent, child] = [run[i]!, run[i + 1]!];
    if (isTwoChain(parent.block.header, child.block.header) && isCertified(parent) && isCertified(child)) return i;
  }
  return proven;
}
