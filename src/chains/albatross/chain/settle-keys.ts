import type { MacroBlock } from '../wire/types.ts';
import type { StoredBlock } from './block-store.ts';
import { type ChainState, electedBy, type MacroStored, revertTo } from './chain-state.ts';
import { sameKeyAt } from './slots.ts';

/**
 * To be called after the lists have changed: puts a list into use that may be true, and reverts pending blocks made under disputed keys.
 * Returns the reverted blocks; undefined if nothing changed.
 */
export function settleKeys(state: ChainState): readonly StoredBlock[] | undefined {
  const { keys, store, macroHead, electionHead } = state;
  const inUse = electedBy(electionHead);
  const next = keys.lists.includes(inUse) ? inUse : (keys.lists[0] ?? inUse);
  const rests = (stored: StoredBlock | undefined) => stored?.kind === 'skip' || (stored?.slot !== undefined ? keys.standing(stored.slot) !== 'disputed' && sameKeyAt(inUse, next, stored.slot) : !keys.disputed && next === inUse);
  let good = macroHead.height;
  while (good < state.head.height && rests(store.mainChainAt(good + 1))) good += 1;
  if (next === inUse && good === state.head.height) return undefined;
  const reverted = revertTo(state, store.mainChainAt(good)!.hash);
  store.cut(good);
  state.head = store.mainChainAt(good)!;
  const { block } = electionHead;
  if (next !== inUse) replaceElection(state, { ...block, header: { ...block.header, validators: next } });
  return reverted;
}

/** Replaces the election head by another copy. */
export function replaceElection(state: ChainState, block: MacroBlock): void {
  const { store, electionHead } = state;
  const stored: MacroStored = { ...electionHead, block };
  store.replace(stored);
  if (state.macroHead === electionHead) state.macroHead = stored;
  if (state.head === electionHead) state.head = stored;
  state.electionHead = stored;
}
