/**
 * Blocks that are not here: bound by hashes to the lowest confirmed one, or else by the signatures of their cycle.
 * @module
 */
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import { cycleOf } from '../chain/cycles.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { NoAnswer } from './ask-gateways.ts';
import type { GatewayPeer } from './gateway-peer.ts';
import { headersDown } from './headers-down.ts';
import type { StacksChain } from './stacks-chain.ts';

/** How far below a known block another one may be to be bound to it by hashes: each height between costs a GET. */
export const MAX_DESCENT = 256;

export interface FindOptions extends AskOptions {
  readonly chain: StacksChain;
  readonly network: StacksNetwork;
}

/** A header below the lowest confirmed one here, to which hashes lead from it. Undefined: it is too far below. Rejects as the gateway's methods do. */
export async function linkedBelow({ gateway }: GatewayPeer, height: number, { chain, signal }: FindOptions): Promise<{ readonly item: StacksItem; readonly from: number } | undefined> {
  const { lowest } = chain.confirmed;
  const known = lowest === undefined ? undefined : chain.confirmed.get(lowest)?.item;
  if (!known || height >= known.height || known.height - height > MAX_DESCENT) return undefined;
  const down = await headersDown(gateway, known, height, { signal });
  chain.checkJump(down);
  return { item: down[0]!, from: known.height };
}

/**
 * Rejects with `NoAnswer` `other-block` for a block that cannot be on our chain, although its signers may have signed it: another one is confirmed at its height, or at
 * that of its parent.
 */
export function refuseExcluded({ height, id, parent }: StacksItem, { chain, network }: Pick<FindOptions, 'chain' | 'network'>): void {
  const { block } = network.checkpoint;
  const at = (it: number) => (it === block.height ? block.id : chain.confirmed.get(it)?.item.id);
  const [same, before] = [at(height), at(height - 1)];
  if ((same !== undefined && same !== id) || (before !== undefined && before !== parent)) throw new NoAnswer('other-block');
}

/** The cycle whose signers certified a block that nothing here leads to. Rejects with `NoAnswer`, or `PeerFault` if they did not. */
export async function certifiedCycle(item: StacksItem, { chain, network, signal }: FindOptions): Promise<number> {
  const { burnHeight } = item.block;
  if (burnHeight === undefined) throw new NoAnswer('no-sortition');
  const cycle = cycleOf(burnHeight, network);
  if (!chain.cycles.has(cycle)) throw new NoAnswer('cycle-unproven');
  const code = await chain.certifier.certify(item, cycle, signal);
  // A tenure that began before the checkpoint's block, or before the one that named the set, cannot be judged.
  if (code === 'order') throw new NoAnswer('before-checkpoint');
  // A confirmed block of a later cycle excludes its branch.
  if (code === 'cycle-ended') throw new NoAnswer('other-block');
  if (code) throw new PeerFault(code, 'lie', { height: item.height, hash: item.id });
  return cycle;
}
