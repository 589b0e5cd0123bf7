import type { Hash } from '../../../base/hash.ts';
import type { KeyValueState } from '../chain/state.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { HEADER_LENGTH } from '../wire/header.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { encodeProofFile } from './proof-file.ts';
import { proveState } from './state-proof.ts';

export interface ProofFileParts {
  readonly key: Uint8Array;
  /** The state at the final block. */
  readonly state: KeyValueState;
  /** The bytes of the proof that the block is final. A header alone, of a pinned block, or nothing, is none. */
  readonly finality: Uint8Array;
  readonly setOf: (hash: Hash) => ValidatorSet | undefined;
}

/** The proof file for a key; undefined without a finality proof, or if its root is not that of the state. */
export function makeProofFile({ key, state, finality, setOf }: ProofFileParts): Uint8Array | undefined {
  if (finality.length <= HEADER_LENGTH) return undefined;
  const proof = decodeFinalityProof(finality);
  const { chainId, stateRoot, validators } = proof.final.header;
  if (key.length === 0 || state.root() !== stateRoot) return undefined;
  const sets = [...new Set([validators, proof.child.header.validators])].flatMap((hash) => setOf(hash) ?? []);
  return encodeProofFile({ chainId, key, finality: proof, sets, state: proveState(state, key) });
}
