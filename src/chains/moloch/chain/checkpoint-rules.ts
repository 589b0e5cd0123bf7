import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { Checkpoint, TrustedCheckpoint } from '../wire/checkpoint.ts';
import { blockHash, validatorsHash } from './hash.ts';
import { checkTrustedHeader } from './trusted-header-rules.ts';
import type { VerifySignature } from './verify-signature.ts';

/** The fields of a checkpoint that differ from the pinned one. Codes: `other-checkpoint`; `data.field` names the field. */
export function checkSameCheckpoint(checkpoint: Checkpoint, pinned: Checkpoint): Fault | undefined {
  for (const field of ['height', 'hash', 'mmrRoot', 'validatorsHash', 'totalEvents'] as const) {
    if (checkpoint[field] !== pinned[field]) return { code: 'other-checkpoint', weight: 'lie', data: { field, value: checkpoint[field], expected: pinned[field] } };
  }
  return undefined;
}

/**
 * Whether a checkpoint belongs together (Moloch reference, 2.7): the hash of its validators, its header, and the header's signatures. A set of validators is committed to by
 * nothing else, so it is trusted only if the checkpoint is pinned. Codes: `validators-hash`, `other-header`, and those of `checkTrustedHeader`.
 */
export async function checkTrustedCheckpoint(checkpoint: TrustedCheckpoint, verify: VerifySignature): Promise<Fault | undefined> {
  const { trusted, validators } = checkpoint;
  const made = validatorsHash(validators);
  if (made !== checkpoint.validatorsHash) return { code: 'validators-hash', weight: 'lie', data: { hash: checkpoint.validatorsHash, expected: made } };
  const { height, mmrRoot } = trusted.header;
  const hash = blockHash(trusted.header);
  if (height !== checkpoint.height || hash !== checkpoint.hash || mmrRoot !== checkpoint.mmrRoot) return { code: 'other-header', weight: 'lie', data: { height, hash, expected: checkpoint.hash } };
  return checkTrustedHeader(trusted, validators, verify);
}
