/**
 * Which tenures of a cycle began, derived from one gateway's replies: no HTTP route serves inventories (Stacks reference, 7). It is never shown as a peer's
 * word. Its bits also say which tenures the downloaders ask this gateway for.
 * @module
 */
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import { cycleOf, firstHeightOf, type CycleRules } from '../chain/cycles.ts';
import type { StacksInventory } from '../chain/details.ts';
import { inventoryBits } from '../chain/tenure-inventory.ts';
import type { WantedTenure } from '../chain/wanted-tenures.ts';
import type { Gateway } from '../net/gateway.ts';
import { NoAnswer } from './ask-gateways.ts';
import { refused } from './read-state.ts';
import { walkTenures, winnerAt, type WalkedTenure } from './walk-tenures.ts';

/**
 * Tenures that one call asks for at most: half of what the public gateway allows a minute (docs.hiro.so, rate limits). A cycle of the main network has 2100
 * sortitions; further calls go on where this one ended.
 */
export const MAX_ASKED = 24;
/** Sortitions of the next cycle that are looked at for its first two tenures; twice as many each time that they are too few. */
const NEXT_CYCLE = 8;

type Asked = Pick<Gateway, 'url' | 'sortition' | 'tenureBlocks'>;

/**
 * One GET a tenure, from the last one of the cycle, or the newest one, downwards. `before`: what an earlier call found at this gateway; the walk jumps over it
 * once it has reached it. Rejects as the gateway's methods do, with `NoAnswer` `cycle-not-begun`.
 */
export async function fetchInventory(gateway: Asked, cycle: number, rules: CycleRules, { before, signal }: AskOptions & { readonly before?: StacksInventory | undefined }): Promise<StacksInventory> {
  const from = firstHeightOf(cycle, rules);
  const newest = await gateway.sortition('latest', { signal });
  if (!newest || newest.burnHeight < from) throw new NoAnswer('cycle-not-begun');
  const last = Math.min(newest.burnHeight, firstHeightOf(cycle + 1, rules) - 1);
  const isLast = ({ burnHeight }: WalkedTenure) => burnHeight <= from;
  const known = before?.gateway === gateway.url && before.cycle === cycle ? before : undefined;
  const upper = await walkTenures(gateway, await winnerAt(gateway, newest.burnHeight === last ? 'latest' : last, { signal }), {
    signal, most: MAX_ASKED, isLast: (tenure) => isLast(tenure) || tenure.tenureId === known?.top,
  });
  const own = upper.tenures.filter(({ burnHeight }) => burnHeight >= from);
  const joined = known !== undefined && upper.tenures[0]?.tenureId === known.top ? known : undefined;
  const left = MAX_ASKED - upper.tenures.length;
  const lower = joined?.next !== undefined && left > 0 ? await walkTenures(gateway, joined.next, { signal, most: left, isLast }).catch(() => undefined) : undefined;
  const started = new Set([...own, ...(lower?.tenures ?? [])].filter(({ start }) => start !== undefined).map(({ burnHeight }) => burnHeight));
  for (const [i, bit] of (joined?.bits ?? []).entries()) if (bit && from + i < (own[0]?.burnHeight ?? 0)) started.add(from + i);
  const next = joined ? (lower ? lower.next : joined.next) : upper.next;
  const lowest = lower?.tenures[0]?.burnHeight ?? joined?.knownFrom ?? upper.tenures[0]?.burnHeight ?? from;
  return {
    source: 'derived', gateway: gateway.url, cycle, from, bits: inventoryBits(cycle, newest.burnHeight, (height) => started.has(height), rules),
    knownFrom: next === undefined ? from : Math.max(from, lowest), top: own.findLast(({ start }) => start !== undefined)?.tenureId, next,
  };
}

/** The newest tenures of a cycle, and the oldest ones of the next, which name their first and last blocks. All ascend, and began by the gateway's word. */
export interface NewestTenures {
  readonly wanted: readonly WantedTenure[];
  readonly next: readonly WantedTenure[];
}

/**
 * At least the newest `most` tenures of a cycle that began, if it has as many: one GET for each, and some for the two after them. A tenure's winner commits
 * to the first block of the tenure before it, which is on the branch of the gateway. Rejects as `fetchInventory`.
 */
export async function fetchNewestTenures(gateway: Asked, cycle: number, most: number, rules: CycleRules, { signal }: AskOptions): Promise<NewestTenures> {
  const from = firstHeightOf(cycle, rules);
  const after = firstHeightOf(cycle + 1, rules);
  const newest = await gateway.sortition('latest', { signal });
  if (!newest || newest.burnHeight < from) throw refused(`cycle ${cycle} has not begun`);
  for (let more = NEXT_CYCLE; ; more *= 2) {
    const last = Math.min(newest.burnHeight, after + more - 1);
    let own = 0;
    const { tenures } = await walkTenures(gateway, await winnerAt(gateway, last === newest.burnHeight ? 'latest' : last, { signal }), {
      signal, most: 2 * rules.cycleLength,
      isLast: ({ burnHeight, start }) => burnHeight < from || (burnHeight < after && start !== undefined && (own += 1) > most),
    });
    const began = tenures.filter(({ start }) => start !== undefined);
    // Of the lowest it is not known what its winner committed to.
    const kept = began.slice(1).map(({ tenureId, burnHeight }, i): WantedTenure => ({ tenureId, burnHeight, winningBlockId: began[i]!.start! }));
    const first = began[0];
    const lowest = first && first.burnHeight >= from && own <= most ? [{ tenureId: first.tenureId, burnHeight: first.burnHeight, winningBlockId: '' }] : [];
    const of = (which: number) => [...lowest, ...kept].filter(({ burnHeight }) => cycleOf(burnHeight, rules) === which);
    const next = of(cycle + 1);
    if (next.length >= 2 || last === newest.burnHeight) return { wanted: of(cycle), next };
  }
}
