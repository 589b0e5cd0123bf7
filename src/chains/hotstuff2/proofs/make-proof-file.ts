import type { Hash } from '../../../base/hash.ts';
import type { SetLink } from '../chain/known-sets.ts';
import type { KeyValueState } from '../chain/state.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { HEADER_LENGTH } from '../wire/header.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { encodeProofFile, MAX_LINKS } from './proof-file.ts';
import { proveState } from './state-proof.ts';

export interface ProofFileParts {
  readonly key: Uint8Array;
  /** The state at the final block. */
  readonly state: KeyValueState;
  /** The bytes of the proof that the block is final. A header alone, of a pinned block, or nothing, is none. */
  readonly finality: Uint8Array;
  readonly setOf: (hash: Hash) => ValidatorSet | undefined;
  /** How the sets after the pinned one came to be trusted, in this order. The file has those that lead to its own sets. */
  readonly links?: readonly SetLink[] | undefined;
}

/** The proof file for a key; undefined without a finality proof, or if its root is not that of the state, or after more hand-overs than a file takes. */
export function makeProofFile({ key, state, finality, setOf, links = [] }: ProofFileParts): Uint8Array | undefined {
  if (finality.length <= HEADER_LENGTH) return undefined;
  const proof = decodeFinalityProof(finality);
  const { chainId, stateRoot, validators } = proof.final.header;
  if (key.length === 0 || state.root() !== stateRoot) return undefined;
  const own = [validators, proof.child.header.validators];
  // Backwards from the one that announces a set of the proof: each is signed by the set that the one before announces. A set can rule twice.
  const proofs = links.map((link) => decodeFinalityProof(link.proof));
  const used: FinalityProof[] = [];
  let last = proofs.findLastIndex(({ final }) => own.includes(final.header.nextValidators) && final.header.height <= proof.final.header.height);
  while (last >= 0) {
    const { header } = proofs[last]!.final;
    used.unshift(proofs[last]!);
    last = proofs.slice(0, last).findLastIndex(({ final }) => final.header.nextValidators === header.validators && final.header.height < header.height);
  }
  if (used.length > MAX_LINKS) return undefined;
  const sets = [...new Set([...used.map(({ final }) => final.header.validators), ...own])].flatMap((hash) => setOf(hash) ?? []);
  return encodeProofFile({ chainId, key, finality: proof, sets, links: used, state: proveState(state, key) });
}
