/**
 * The questions that only HotStuff-2 has: values of the state, their proofs, and who votes.
 * @module
 */
import { fromHex, toHex } from '../../../base/bytes.ts';
import type { FollowedChain } from '../../../engine/follow/followed-chain.ts';
import { QuestionError } from '../../../engine/questions.ts';
import type { Answer } from '../../../engine/questions.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import { quorumOf } from '../chain/quorum.ts';
import type { HotStuff2Validators } from '../chain/details.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { MAX_PROOF_FILE_BYTES } from '../proofs/proof-file.ts';
import { verifyHotStuff2Proof } from '../proofs/verify-proof-file.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

/** Bytes of a key at most: its length has two bytes. */
const MAX_KEY = 65_535;

type Questions = FollowedChain<Hs2Block, FinalityProof>['questions'];

/**
 * - `getValue(key)`: an `Answer` with the value (bytes), or undefined in it if the key is absent, at the newest final block. The state is here and has the
 *   root of that block, so that no peer is asked.
 * - `proveValue(key)`: the bytes of a proof file.
 * - `verifyProof(bytes)`: the verdict on a proof file.
 * - `getValidators()`: an `Answer` with the set that signs the newest final block, and the announced one.
 *
 * A key is bytes, or lower-case hex.
 */
export function hotStuff2Questions(chain: HotStuff2Chain, { chainId, verify }: { readonly chainId: string; readonly verify: Verify }): Questions {
  const answer = <Value>(value: Value): Answer<Value> => {
    const { height, hash, timestamp, trust, finality } = chain.view(chain.tip());
    return { value, level: trust, finality, block: { height, hash, timestamp } };
  };
  const state = () => {
    if (!chain.state) throw new QuestionError('no-answer', { asked: 0, reason: 'no-state' });
    return chain.state;
  };
  return {
    getValue: async ([key]) => answer(state().get(keyOf(key))),
    async proveValue([key]) {
      const wanted = keyOf(key);
      state();
      const file = chain.proofFile(wanted);
      if (!file) throw new QuestionError('no-answer', { asked: 0, reason: 'no-proof' });
      return file;
    },
    async verifyProof([bytes], { signal }) {
      if (!(bytes instanceof Uint8Array) || bytes.length > MAX_PROOF_FILE_BYTES) throw new QuestionError('bad-argument', { expected: `at most ${MAX_PROOF_FILE_BYTES} bytes`, came: typeof bytes });
      return verifyHotStuff2Proof(bytes, { chainId, trustedSets: chain.sets.trusted, known: chain.sets }, { verify, signal });
    },
    async getValidators() {
      const { validators, nextValidators } = chain.final.header;
      const set = chain.sets.get(validators);
      if (!set) throw new QuestionError('no-answer', { asked: 0, reason: 'set-unknown-bytes' });
      const value: HotStuff2Validators = {
        hash: validators,
        next: nextValidators === validators ? undefined : nextValidators,
        scheme: set.scheme,
        quorum: quorumOf(set.keys.length),
        keys: set.keys.map(toHex),
      };
      return answer(value);
    },
  };
}

function keyOf(key: unknown): Uint8Array {
  const bytes = typeof key === 'string' && key.length <= 2 * MAX_KEY && /^(?:[0-9a-f]{2})+$/u.test(key) ? fromHex(key) : key;
  if (bytes instanceof Uint8Array && bytes.length > 0 && bytes.length <= MAX_KEY) return bytes;
  throw new QuestionError('bad-argument', { argument: 'key', expected: `1 to ${MAX_KEY} bytes, or their lower-case hex`, came: typeof key });
}
