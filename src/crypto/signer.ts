import type { VotingKey } from './voting-key.ts';

/** Length of a message hash in bytes. */
export const SIG_HASH_LENGTH = 32;

/** Maximum weight: far more than the 512 slots. */
export const MAX_WEIGHT = 0xffff;

export function isWeight(weight: number): boolean {
  return Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT;
}

/** A key and the number of slots it signs for. */
export interface Signer<E> {
  readonly key: VotingKey<E>;
  readonly weight: number;
}

/** Whether the message hash has 32 bytes and all weights are valid. */
export function isWellFormed({ sigHash, signers }: { readonly sigHash: Uint8Array; readonly signers: readonly { readonly weight: number }[] }): boolean {
  return sigHash.length === SIG_HASH_LENGTH && signers.every(({ weight }) => isWeight(weight));
}
