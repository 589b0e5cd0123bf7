/**
 * Verifies a proof file without a client or a network.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { announcedBy } from '../chain/hand-over.ts';
import { hashOf, hashOfSet } from '../chain/hash.ts';
import type { RuleCode } from '../chain/rule-code.ts';
import { verifyFinalityProof } from '../chain/verify-finality.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { decodeProofFile } from './proof-file.ts';
import type { Hs2ProofFile } from './proof-file.ts';
import { verifyStateProof } from './state-proof.ts';
import type { StateProofCode } from './state-proof.ts';

/** What of a network the verifier must know. */
export interface ProofNetwork {
  /** SHA-256("hs2-light/1" 00 name). */
  readonly chainId: Hash;
  /** Hashes of the sets that are trusted: the one that genesis names, and those that a client has seen take over. */
  readonly trustedSets: readonly Hash[];
}

/**
 * - `damaged`: not such a file, or of another version; `detail` is the error's code.
 * - `other-network`: of another chain.
 * - `set-not-trusted`: a header names a set that is neither among the trusted ones nor led to by the file's links, so anybody can have made the file.
 * - `hand-over`: a link does not prove that its set was announced; `detail` is the rule.
 * - `finality`: the two blocks do not make the first final; `detail` is the rule.
 * - `state`: the path does not lead to the state root of the final header; `detail` says how.
 */
export type ProofFileCode = 'damaged' | 'other-network' | 'set-not-trusted' | 'hand-over' | 'finality' | 'state';

/** What was checked, in order; the last one is the one that failed, if one did. */
export type ProofCheck = 'form' | 'network' | 'sets' | 'finality' | 'state';

export type Hs2ProofVerdict =
  | {
      readonly ok: true;
      readonly checked: readonly ProofCheck[];
      readonly key: Uint8Array;
      /** Undefined: the key is absent. */
      readonly value: Uint8Array | undefined;
      readonly block: { readonly height: number; readonly hash: Hash; readonly view: number; readonly time: number; readonly stateRoot: Hash };
      readonly child: { readonly height: number; readonly hash: Hash; readonly view: number };
      /** How many of how many validators signed each of the two blocks. */
      readonly signers: readonly { readonly signed: number; readonly validators: number }[];
      /** The set that signed the final block. */
      readonly set: Hash;
      /** How many changes of validators the file proves on the way to that set. */
      readonly handOvers: number;
    }
  | { readonly ok: false; readonly checked: readonly ProofCheck[]; readonly code: ProofFileCode; readonly detail: string };

/** Takes any bytes. Rejects only when aborted, or when nothing can verify signatures. */
export async function verifyHotStuff2Proof(bytes: Uint8Array, network: ProofNetwork, options: { readonly verify: Verify; readonly signal?: AbortSignal | undefined }): Promise<Hs2ProofVerdict> {
  const checked: ProofCheck[] = ['form'];
  const refused = (code: ProofFileCode, detail: RuleCode | StateProofCode | string): Hs2ProofVerdict => ({ ok: false, checked, code, detail });
  let file: Hs2ProofFile;
  try {
    file = decodeProofFile(bytes);
  } catch (error) {
    if (error instanceof CodedError) return refused('damaged', error.code);
    throw error;
  }
  const { final, child } = file.finality;
  checked.push('network');
  if (file.chainId !== network.chainId || final.header.chainId !== network.chainId) return refused('other-network', file.chainId);
  checked.push('sets');
  const sets = new Map(file.sets.map((set) => [hashOfSet(set), set]));
  const trusted = new Set(network.trustedSets);
  const prove = (proof: FinalityProof) => verifyFinalityProof(proof, { chainId: network.chainId, setOf: (hash) => sets.get(hash), ...options });
  for (const link of file.links ?? []) {
    const { validators } = link.final.header;
    if (!trusted.has(validators)) return refused('set-not-trusted', validators);
    const next = announcedBy(link);
    if (next === undefined) return refused('hand-over', 'unknown-set');
    // Keys of BLS have no proof of possession: such a set is trusted only where it was pinned.
    if (sets.get(next)?.scheme === 'bls') return refused('hand-over', 'bls-handover');
    const wrong = await prove(link);
    if (wrong) return refused('hand-over', wrong);
    trusted.add(next);
  }
  for (const { header } of [final, child]) if (!trusted.has(header.validators)) return refused('set-not-trusted', header.validators);
  checked.push('finality');
  const broken = await prove(file.finality);
  if (broken) return refused('finality', broken);
  checked.push('state');
  const shown = verifyStateProof(file.state, file.key, final.header.stateRoot);
  if (!shown.ok) return refused('state', shown.code);
  const { height, view, time, stateRoot, validators } = final.header;
  return {
    ok: true,
    checked,
    key: file.key,
    value: shown.value,
    block: { height, hash: hashOf(final.headerBytes), view, time, stateRoot },
    child: { height: child.header.height, hash: hashOf(child.headerBytes), view: child.header.view },
    signers: [final, child].map(({ qc, header }) => ({ signed: qc.signers.length, validators: sets.get(header.validators)!.keys.length })),
    set: validators,
    handOvers: file.links?.length ?? 0,
  };
}
