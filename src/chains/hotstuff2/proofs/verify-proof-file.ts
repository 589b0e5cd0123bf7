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
import type { Header } from '../wire/header.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
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
  /** Where they rule, as far as a client knows. Default: anywhere. An offline verifier does not know when the set of genesis has handed over. */
  readonly known?: KnownTerms | undefined;
}

/** See `KnownSets`. */
export interface KnownTerms {
  rulingSet(header: Header): ValidatorSet | undefined;
  followingSet(header: Header): Hash | undefined;
}

/**
 * - `damaged`: not such a file, or of another version; `detail` is the error's code.
 * - `other-network`: of another chain.
 * - `set-not-trusted`: a header names a set that is neither among the trusted ones, where these rule, nor led to by the file's links, so anybody can have
 *   made the file.
 * - `hand-over`: a link does not prove that its set was announced, or not above the one before it; `detail` is the rule.
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
  const prove = (proof: FinalityProof) => verifyFinalityProof(proof, { chainId: network.chainId, setOf: ({ validators }) => sets.get(validators), ...options });
  // A set may certify only blocks of its term: above the block that announces it, and up to the hand-over to the next.
  let led: FinalityProof | undefined;
  let known = network.known;
  const isTrusted = ({ validators, height }: Header): boolean => (led ? validators === led.final.header.nextValidators && height > led.final.header.height : network.trustedSets.includes(validators));
  for (const link of file.links ?? []) {
    const { header } = link.final;
    if (led && header.height <= led.final.header.height) return refused('hand-over', 'height');
    if (!isTrusted(header)) return refused('set-not-trusted', header.validators);
    if (known && !known.rulingSet(header)) return refused('set-not-trusted', header.validators);
    const next = announcedBy(link);
    if (next === undefined) return refused('hand-over', 'unknown-set');
    // Keys of BLS have no proof of possession: such a set is trusted only where it was pinned.
    if (sets.get(next)?.scheme === 'bls') return refused('hand-over', 'bls-handover');
    const wrong = await prove(link);
    if (wrong) return refused('hand-over', wrong);
    const following = known?.followingSet(header);
    if (following !== undefined && following !== next) return refused('hand-over', 'unknown-set');
    // From there on the file says more than the client knows.
    if (following === undefined) known = undefined;
    led = link;
  }
  // The last block of a set can be final by the first one of the next.
  const isBefore = led && final.header.validators === led.final.header.validators && final.header.height >= led.final.header.height && child.header.validators === led.final.header.nextValidators;
  if ((!isTrusted(final.header) && !isBefore) || (known && !known.rulingSet(final.header))) return refused('set-not-trusted', final.header.validators);
  const { validators: childSet } = child.header;
  if (childSet !== final.header.validators && !isBefore && (led || !network.trustedSets.includes(childSet))) return refused('set-not-trusted', childSet);
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
