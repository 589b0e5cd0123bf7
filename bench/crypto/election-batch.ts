/**
 * Makes jobs from election blocks of a made-up network, as the development network has them: 60 validators per set out of a pool of
 * 78, drawn anew for every epoch, with signers that miss a few slots.
 */
import { bitSetHas } from '../../src/chains/albatross/wire/bit-set.ts';
import { blake2s } from '../../src/crypto/blake2s.ts';
import { blsSign } from '../../src/crypto/bls-signing.ts';
import type { JustificationsJob, KeyRootsJob, KeysJob } from '../../src/crypto/jobs.ts';
import { R } from '../../src/crypto/mnt6/constants.ts';
import { randomSigners, validatorPool } from '../../devnet/validator-pool.ts';
import { secretBytes } from '../../devnet/validators.ts';

const SEATS = 60;

export interface ElectionBatch {
  readonly keys: KeysJob;
  readonly justifications: JustificationsJob;
  readonly roots: KeyRootsJob;
}

/** Makes `count` blocks, the same ones for the same count. */
export function electionBatch(count: number): ElectionBatch {
  const pool = validatorPool('bench', SEATS);
  const places = new Map(pool.members.map(({ votingSecret }, i) => [votingSecret, i]));
  const sets = Array.from({ length: count }, (_, i) => pool.draw(blake2s(Uint8Array.of(i, i >> 8))));
  const items = sets.map((set, i) => {
    const bits = randomSigners('bench', String(i));
    const signers = set.map(({ votingSecret, validator: { slots } }) => {
      const weight = Array.from({ length: slots.end - slots.start }, (_, k) => slots.start + k).filter((slot) => bitSetHas(bits, slot)).length;
      return { votingSecret, key: places.get(votingSecret)!, weight };
    });
    const present = signers.filter(({ weight }) => weight > 0);
    const sigHash = blake2s(Uint8Array.of(1, i, i >> 8));
    // The sum of the secrets gives the sum of the signatures.
    const secret = present.reduce((sum, { votingSecret, weight }) => sum + votingSecret * BigInt(weight), 0n) % R;
    return { sigHash, signature: blsSign(secretBytes(secret), sigHash), signers: present.map(({ key, weight }) => ({ key, weight })) };
  });
  const compressed = pool.members.map(({ validator }) => validator.votingKey);
  return {
    keys: { kind: 'keys', keys: compressed },
    justifications: { kind: 'justifications', keys: compressed.map((key) => ({ compressed: key })), items },
    roots: {
      kind: 'key-roots',
      lists: sets.map((set) => set.map(({ validator: { votingKey, slots } }) => ({ compressed: votingKey, slots: slots.end - slots.start }))),
    },
  };
}
