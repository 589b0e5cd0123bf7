import { bitSetOf } from '../src/chains/albatross/wire/bit-set.ts';
import { compareBytes, toHex } from '../src/base/bytes.ts';
import type { BitSet } from '../src/chains/albatross/wire/types.ts';
import { vrfEntropy } from '../src/crypto/vrf.ts';
import { twoFPlusOne } from '../src/chains/albatross/chain/limits.ts';
import { seededRandom } from './seeded-random.ts';
import { deriveValidator, SLOTS, type DevValidator } from './validators.ts';

/** Candidates per seat: enough that two epochs are unlikely to have the same set. */
const CANDIDATES_PER_SEAT = 1.3;
/** Stakes differ by up to this factor. */
const MAX_STAKE = 8;

/** All validators that can be elected, and the draw among them. */
export interface ValidatorPool {
  readonly members: readonly DevValidator[];
  /** The validators and slot bands that follow from 32 bytes of entropy. */
  draw(entropy: Uint8Array): readonly DevValidator[];
}

/**
 * A pool for sets of `n` validators. An election draws `n` members, gives them one slot each, and gives out the rest of the 512
 * slots one by one by stake. Slot bands follow the order of the addresses. The devnet uses a draw of its own, because no client can
 * check a draw without the stakes; the network's random numbers (BLAKE2b, 64 bits per draw) would take most of the time of making
 * an election block. `votingKeys`: the members' keys from an earlier pool of the same seed, if known.
 */
export function validatorPool(seed: string, n: number, votingKeys: readonly Uint8Array[] = []): ValidatorPool {
  const size = Math.round(n * CANDIDATES_PER_SEAT);
  const stakeOf = seededRandom(seed, 'stakes');
  const members = Array.from({ length: size }, (_, i) => deriveValidator(seed, String(i), undefined, votingKeys[i]));
  const stakes = members.map(() => 1 + Math.floor(stakeOf.next() * MAX_STAKE));
  return {
    members,
    draw: (entropy) => {
      const random = seededRandom(toHex(entropy), 'draw');
      const below = (n: number): number => Math.floor(random.next() * n);
      const left = members.map((_, i) => i);
      const seats = Array.from({ length: n }, () => ({ member: left.splice(below(left.length), 1)[0]!, slots: 1 }));
      const total = seats.reduce((sum, { member }) => sum + stakes[member]!, 0);
      for (let slot = n; slot < SLOTS; slot++) {
        let at = below(total);
        const winner = seats.find(({ member }) => (at -= stakes[member]!) < 0)!;
        winner.slots++;
      }
      seats.sort((a, b) => compareBytes(members[a.member]!.validator.address, members[b.member]!.validator.address));
      let end = 0;
      return seats.map(({ member, slots }) => {
        const start = end;
        end += slots;
        return { ...members[member]!, validator: { ...members[member]!.validator, slots: { start, end } } };
      });
    },
  };
}

/** The validators that the election block with this VRF seed elects. */
export function electedBySeed(pool: ValidatorPool, seed: Uint8Array): readonly DevValidator[] {
  const entropy = vrfEntropy(seed);
  if (!entropy) throw new Error('an election block needs a valid seed');
  return pool.draw(entropy);
}

/** Between 342 (the fewest that justify a block) and all 512 slots, drawn from the seed and label. */
export function randomSigners(seed: string, label: string): BitSet {
  const random = seededRandom(seed, `signers/${label}`);
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  const absent = Math.floor(random.next() * (SLOTS - twoFPlusOne + 1));
  for (let i = 0; i < absent; i++) slots.splice(Math.floor(random.next() * slots.length), 1);
  return bitSetOf(slots);
}
