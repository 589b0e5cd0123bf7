import type { KeysJob } from '../../../../crypto/jobs.ts';
import { toHex } from '../../../../base/bytes.ts';
import type { Rule, VotingKeysContext } from './rule.ts';

/** A job for the voting keys that are not known to be good yet, each key once; undefined if there are none. */
function keysJob({ block, decodedKey }: VotingKeysContext): KeysJob | undefined {
  const validators = block.type === 'macro' ? (block.header.validators ?? []) : [];
  const unknown = new Map<string, Uint8Array>();
  for (const { votingKey } of validators) if (!decodedKey(votingKey)) unknown.set(toHex(votingKey), votingKey);
  return unknown.size === 0 ? undefined : { kind: 'keys', keys: [...unknown.values()] };
}

/**
 * Every voting key is a point of the prime-order subgroup and not infinity. Albatross block reference, 5.1 (6). A separate stage, and the
 * last: decoding 512 keys takes seconds, so it must not run before the signatures of two thirds of the validators are verified.
 */
export const votingKeyRules: readonly Rule<VotingKeysContext>[] = [{ code: 'invalid-voting-key', job: keysJob, blames: () => true }];
