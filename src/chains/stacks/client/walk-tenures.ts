// Tests: `src/chains/stacks/client/inventory.test.ts`.
import type { Hash } from '../../../base/hash.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { Gateway } from '../net/gateway.ts';
import { refused } from './read-state.ts';

/** A sortition that had a winner, as a gateway tells it. */
export interface WalkedTenure {
  /** Its consensus hash. */
  readonly tenureId: string;
  readonly burnHeight: number;
  /** The first block of the tenure; undefined: the winner built none. */
  readonly start: Hash | undefined;
}

export interface TenureWalk {
  /** Ascending. */
  readonly tenures: readonly WalkedTenure[];
  /** The tenure at which the walk ended before it was asked for; undefined: it went as low as it should. */
  readonly next: string | undefined;
}

export interface WalkOptions extends AskOptions {
  /** GETs at most. */
  readonly most: number;
  /** Whether the walk ends with this tenure, which is among those found. */
  readonly isLast: (tenure: WalkedTenure, found: number) => boolean;
}

type Asked = Pick<Gateway, 'sortition' | 'tenureBlocks'>;

/**
 * Walks back from a tenure by what each answer names as the last winner before it: one GET a tenure, and none for sortitions without a winner. A gateway that
 * fails on the way, as one that has had enough requests, ends the walk where it is. Rejects as the gateway's methods do if it fails at once, with `refused`
 * for heights that do not descend.
 */
export async function walkTenures(gateway: Asked, from: string | undefined, { most, isLast, signal }: WalkOptions): Promise<TenureWalk> {
  const down: WalkedTenure[] = [];
  let at = from;
  for (let gets = 0; at !== undefined && gets < most; gets += 1) {
    const tenureId: string = at;
    let told: { readonly burnHeight: number; readonly before: string | undefined; readonly start: Hash | undefined };
    try {
      told = await tellOf(gateway, tenureId, { signal });
    } catch (error) {
      if (down.length === 0 || !(error instanceof RequestError)) throw error;
      break;
    }
    const { burnHeight, before, start } = told;
    if (burnHeight >= (down.at(-1)?.burnHeight ?? Infinity)) throw refused('tenures whose heights do not descend');
    const tenure = { tenureId, burnHeight, start };
    down.push(tenure);
    at = isLast(tenure, down.length) ? undefined : before;
  }
  return { tenures: down.toReversed(), next: at };
}

async function tellOf(gateway: Asked, tenureId: string, options: AskOptions): Promise<{ readonly burnHeight: number; readonly before: string | undefined; readonly start: Hash | undefined }> {
  const answer = await gateway.tenureBlocks(tenureId, options);
  if (answer) return { burnHeight: answer.burnHeight, before: answer.lastSortition, start: answer.blocks.at(-1)?.id };
  const sortition = await gateway.sortition({ consensusHash: tenureId }, options);
  if (!sortition) throw refused(`no tenure ${tenureId}`);
  return { burnHeight: sortition.burnHeight, before: sortition.lastWinner, start: undefined };
}

/** The newest sortition with a winner at this height or below it; undefined: there is none. */
export async function winnerAt(gateway: Asked, burnHeight: number | 'latest', options: AskOptions): Promise<string | undefined> {
  const sortition = await gateway.sortition(burnHeight === 'latest' ? 'latest' : { burnHeight }, options);
  return sortition && (sortition.hasWinner ? sortition.consensusHash : sortition.lastWinner);
}
