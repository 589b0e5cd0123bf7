import type { Hs2Item } from '../chain/hs2-block.ts';
import type { RuleCode } from '../chain/rule-code.ts';
import type { KeyValueState } from '../chain/state.ts';

export interface PayloadsApplied {
  /** After the last block that was applied; undefined: it is not computed, or has become too large. */
  readonly state: KeyValueState | undefined;
  /** The first block that has no payload, or whose payload does not lead to the state root of its header. The state is that of the block before it. */
  readonly wrong: { readonly item: Hs2Item; readonly code: RuleCode } | undefined;
}

/**
 * Applies the payloads of final blocks to the state before them, which is changed. No peer is to blame for a state that is too large: the chain is followed without
 * a state from there.
 */
export function applyPayloads(before: KeyValueState | undefined, run: readonly Hs2Item[]): PayloadsApplied {
  if (!before) return { state: undefined, wrong: undefined };
  for (const item of run) {
    const { payload, header } = item.block;
    const undo = payload ? before.applyDelta(payload, header.stateRoot) : 'no-payload';
    if (undo === 'state-too-large') return { state: undefined, wrong: undefined };
    if (typeof undo === 'string') return { state: before, wrong: { item, code: undo } };
  }
  return { state: before, wrong: undefined };
}
