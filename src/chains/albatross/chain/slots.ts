import type { DecodedKey, WeightedKey } from '../../../crypto/jobs.ts';
import { VrfRng } from '../../../crypto/vrf-rng.ts';
import { bitSetHas } from '../wire/bit-set.ts';
import { equalBytes } from '../../../base/bytes.ts';
import type { BitSet, Validator } from '../wire/types.ts';
import { slotCount } from './limits.ts';

/** The random numbers of proposer selection. Albatross cryptography reference, section 3. */
const viewSlotSelection = 3;

/** The inputs that determine the proposer. */
export interface ProposerQuestion {
  /** 32 bytes, from the direct predecessor's seed. */
  readonly entropy: Uint8Array;
  /** The height of a micro block, or the header's round of a macro block. */
  readonly offset: number;
  /** The punished set of the last macro block before it. */
  readonly disabled: BitSet;
}

/**
 * The slot whose owner may propose. The slots that are not disabled are shuffled by the entropy, and the offset picks one; if all are
 * disabled, all take part. Albatross block reference, section 4.
 */
export function proposerSlot({ entropy, offset, disabled }: ProposerQuestion): number {
  const all = Array.from({ length: slotCount }, (_, slot) => slot);
  const enabled = all.filter((slot) => !bitSetHas(disabled, slot));
  const slots = enabled.length > 0 ? enabled : all;
  const rng = new VrfRng(viewSlotSelection, entropy);
  const chosen = offset % slots.length;
  // From the top down; a place never changes after its own turn, so everything below the chosen one can stay unshuffled.
  for (let i = slots.length - 1; i >= Math.max(chosen, 1); i -= 1) {
    const other = rng.nextBelow(i + 1);
    [slots[i], slots[other]] = [slots[other]!, slots[i]!];
  }
  return slots[chosen]!;
}

/** `proposerSlot`, or a cheaper draw in tests. */
export type DrawSlot = (question: ProposerQuestion) => number;

/** The validator whose band holds the slot. */
export function validatorAt(validators: readonly Validator[], slot: number): Validator | undefined {
  return validators.find(({ slots }) => slots.start <= slot && slot < slots.end);
}

/** Whether two lists name the same signing key for the slot. */
export function sameKeyAt(a: readonly Validator[], b: readonly Validator[], slot: number): boolean {
  const [one, other] = [validatorAt(a, slot), validatorAt(b, slot)];
  return a === b || (one !== undefined && other !== undefined && equalBytes(one.signingKey, other.signingKey));
}

/** The affine point of a compressed voting key, if it was decoded and checked before. */
export type DecodedKeyLookup = (compressed: Uint8Array) => DecodedKey['point'] | undefined;

/**
 * The voting keys that signed, each with the number of its slots that signed; validators without a signing slot are left out. Albatross
 * block reference, 5.5.
 */
export function signersOf(signers: BitSet, validators: readonly Validator[], decodedKey?: DecodedKeyLookup): WeightedKey[] {
  const keys: WeightedKey[] = [];
  for (const { votingKey, slots } of validators) {
    let weight = 0;
    for (let slot = slots.start; slot < Math.min(slots.end, slotCount); slot += 1) if (bitSetHas(signers, slot)) weight += 1;
    if (weight > 0) keys.push({ compressed: votingKey, decoded: decodedKey?.(votingKey), weight });
  }
  return keys;
}
