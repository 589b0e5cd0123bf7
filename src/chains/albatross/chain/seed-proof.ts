import type { Verify } from '../../../crypto/jobs.ts';
import { vrfEntropy } from '../../../crypto/vrf.ts';
import { equalBytes } from '../../../base/bytes.ts';
import type { Block, MacroBlock, Validator } from '../wire/types.ts';
import type { KeyStanding } from './key-proof.ts';
import { type DrawSlot, validatorAt } from './slots.ts';

/** The proposer of a final block: the owner of `slot`, with `key`. Undefined: none of the lists names the key that made it. */
export interface SeedProof {
  readonly slot: number;
  readonly key: Uint8Array | undefined;
}

export interface SeedProofQuestion {
  /** The macro block before the batch. */
  readonly base: MacroBlock;
  /** Linked by hash from `base` up to a final macro block; the caller has checked that. */
  readonly batch: readonly Block[];
  readonly lists: readonly (readonly Validator[])[];
  /** Slots that are already proven are skipped. */
  readonly standing: (slot: number) => KeyStanding;
  readonly draw: DrawSlot;
  readonly verify: Verify;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Under which key the seed of each block of a final batch verifies, with one proof for each slot. Uses only what the hashes cover: neither
 * the signatures nor whether a block calls itself a skip block, because its sender can change that. A skip block is recognised by its seed,
 * which equals its parent's.
 */
export async function seedProofs({ base, batch, lists, standing, draw, verify, signal }: SeedProofQuestion): Promise<readonly SeedProof[]> {
  const proofs = new Map<number, SeedProof>();
  let previousSeed = base.header.seed;
  for (const block of batch) {
    const { seed, blockNumber } = block.header;
    const entropy = equalBytes(seed, previousSeed) ? undefined : vrfEntropy(previousSeed);
    const slot = entropy && draw({ entropy, offset: block.type === 'macro' ? block.header.round : blockNumber, disabled: base.header.nextBatchInitialPunishedSet });
    if (slot !== undefined && !proofs.has(slot) && standing(slot) !== 'proven') {
      let key: Uint8Array | undefined;
      for (const candidate of keysAt(lists, slot)) {
        const result = await verify({ kind: 'proposer', publicKey: candidate, seed, previousSeed, blockNumber, signature: undefined }, { signal });
        if (!result.valid) continue;
        key = candidate;
        break;
      }
      proofs.set(slot, { slot, key });
    }
    previousSeed = seed;
  }
  return Array.from(proofs.values());
}

function keysAt(lists: readonly (readonly Validator[])[], slot: number): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const list of lists) {
    const key = validatorAt(list, slot)?.signingKey;
    if (key && !keys.some((other) => equalBytes(other, key))) keys.push(key);
  }
  return keys;
}
