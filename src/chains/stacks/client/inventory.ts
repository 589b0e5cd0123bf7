// Tests: `src/chains/stacks/client/stacks-questions.test.ts`.
/**
 * Which tenures of a cycle began, derived from one gateway's replies: no HTTP route serves inventories (Stacks reference, 7). It is never shown as a peer's
 * word. Its bits also say which tenures the downloaders ask this gateway for.
 * @module
 */
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import { cycleOf, firstHeightOf, type CycleRules } from '../chain/cycles.ts';
import type { StacksInventory } from '../chain/details.ts';
import { deriveInventory, type ClaimedSortition } from '../chain/tenure-inventory.ts';
import type { WantedTenure } from '../chain/wanted-tenures.ts';
import type { Gateway } from '../net/gateway.ts';
import { refused } from './read-state.ts';

export interface FetchedInventory {
  readonly inventory: StacksInventory;
  /** The sortitions of the cycle that had a winner, ascending; those without one are not asked for. */
  readonly wanted: readonly WantedTenure[];
}

type Asked = Pick<Gateway, 'url' | 'sortition' | 'tenureBlocks'>;

/**
 * Walks back from the last sortition of the cycle, or from the newest one, by what each names as the last winner before it: two GETs a tenure. Bits end with the
 * last sortition that there is. Rejects as the gateway's methods do, with `refused` for a cycle that has not begun.
 */
export async function fetchInventory(gateway: Asked, cycle: number, rules: CycleRules, options: AskOptions): Promise<FetchedInventory> {
  const from = firstHeightOf(cycle, rules);
  const newest = await gateway.sortition('latest', options);
  if (!newest || newest.burnHeight < from) throw refused(`cycle ${cycle} has not begun`);
  const last = Math.min(newest.burnHeight, firstHeightOf(cycle + 1, rules) - 1);
  const wanted: WantedTenure[] = [];
  const claimed: ClaimedSortition[] = [];
  let at = newest.burnHeight === last ? newest : await gateway.sortition({ burnHeight: last }, options);
  for (let looked = 0; at && cycleOf(at.burnHeight, rules) === cycle && looked < rules.cycleLength; looked += 1) {
    if (at.hasWinner && at.committedBlockId !== undefined) {
      wanted.unshift({ tenureId: at.consensusHash, winningBlockId: at.committedBlockId, burnHeight: at.burnHeight });
      const blocks = (await gateway.tenureBlocks(at.consensusHash, options))?.blocks.length ?? 0;
      claimed.push({ burnHeight: at.burnHeight, consensusHash: at.consensusHash, blocks });
    }
    const before: string | undefined = at.lastWinner;
    at = before === undefined || before === at.consensusHash ? undefined : await gateway.sortition({ consensusHash: before }, options);
  }
  const { source, bits } = deriveInventory(cycle, newest.burnHeight, claimed, rules);
  return { inventory: { source, gateway: gateway.url, cycle, from, bits }, wanted };
}
