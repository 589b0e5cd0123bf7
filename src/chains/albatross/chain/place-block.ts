import type { StoredBlock } from './block-store.ts';
import type { ChainChange } from './chain-change.ts';
import { adopt, type ChainState, hasTwin, revertTo } from './chain-state.ts';
import { branchTo, chainOrder } from './fork-choice.ts';
import type { Policy } from './policy.ts';
import type { PushResult } from './push-result.ts';
import { variantsOf } from './skip-variants.ts';

export interface PlaceOptions {
  /** The block was asked for, because another block names it. */
  readonly wanted: boolean;
  readonly policy: Policy;
  /** Called with each change, after it was made. */
  readonly changed: (change: ChainChange) => void;
}

/**
 * Takes a block that passes all rules. Of several skip blocks with one proof only the first enters the store; another one enters when a
 * block builds on it.
 */
export function placeBlock(state: ChainState, stored: StoredBlock, { wanted, policy, changed }: PlaceOptions): PushResult {
  const { store, variants } = state;
  if (variantsOf(stored, store).length > 0) {
    if (wanted) variants.hold(stored);
    return { result: 'variant', held: wanted };
  }
  const parent = variants.take(stored.block.header.parentHash);
  if (parent) store.add(parent);
  const result = decide(state, stored, policy, changed);
  if (parent) for (const other of variantsOf(parent, store)) store.dropLeaf(other);
  return result;
}

/** Applies fork choice. */
function decide(state: ChainState, stored: StoredBlock, policy: Policy, changed: (change: ChainChange) => void): PushResult {
  const { store, head } = state;
  const order = chainOrder(stored, head, store);
  const equivocation = stored.kind === 'micro' && hasTwin(state, stored);
  const stand: ChainChange = { kind: 'stored', adopted: [], reverted: [], stored, equivocation: equivocation || undefined };
  if (order === 'inferior' || order === 'unknown') {
    store.add(stored);
    changed(stand);
    return { result: order === 'unknown' ? 'forked' : 'ignored' };
  }
  const adopted = order === 'extend' ? [stored] : branchTo(stored, store);
  const reverted = revertTo(state, adopted[0]!.block.header.parentHash);
  adopt(state, adopted, policy);
  if (reverted.length > 0) changed({ kind: 'rebranched', adopted, reverted });
  if (stored.block.type === 'macro') changed(finalChange(stored, reverted.length > 0 ? [] : adopted));
  else if (reverted.length === 0) changed({ kind: 'extended', adopted, reverted });
  if (equivocation) changed(stand);
  return reverted.length > 0 ? { result: 'rebranched', adopted, reverted } : { result: 'extended', adopted };
}

/** The change after a macro block was adopted. */
export function finalChange(stored: StoredBlock, adopted: readonly StoredBlock[]): ChainChange {
  return { kind: stored.kind === 'election' ? 'epoch-finalized' : 'finalized', adopted, reverted: [] };
}
