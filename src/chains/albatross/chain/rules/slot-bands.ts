import type { Validator } from '../../wire/types.ts';
import { slotCount } from '../limits.ts';

/**
 * The fault in the slot bands of an election block, if any: they must begin at 0, follow each other without a gap, not be empty, and cover
 * all slots. The hash of version 1 does not cover them, so a copy with the true hash can break this; then only the peer that gave the copy
 * is to blame.
 */
export function slotBandsFault(validators: readonly Validator[]): 'slot-bands-not-contiguous' | 'wrong-slot-total' | undefined {
  let next = 0;
  for (const { slots } of validators) {
    if (slots.start !== next || slots.end <= slots.start) return 'slot-bands-not-contiguous';
    next = slots.end;
  }
  return next === slotCount ? undefined : 'wrong-slot-total';
}
