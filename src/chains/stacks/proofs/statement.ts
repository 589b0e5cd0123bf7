// Tests: `src/chains/stacks/proofs/verify-proof-file.test.ts`.
import type { Verify } from '../../../crypto/jobs.ts';
import { verifySigners } from '../chain/signer-rules.ts';
import type { Certified } from '../chain/signer-rules.ts';
import type { RuleCode } from '../chain/rule-code.ts';
import type { SignerSet } from '../chain/signer-set.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { MarfEntry } from '../wire/marf-proof.ts';
import { idAndRootOf } from './block-root.ts';
import type { PassedHeader } from './block-root.ts';
import { foldSegments } from './fold-segments.ts';
import { readSignerSet, signerSetKey } from './hand-over.ts';
import type { HandOverCode, HandOverNetwork } from './hand-over.ts';
import { blocksOfProof } from './marf-segments.ts';
import { verifyMarfProof } from './verify-marf-proof.ts';
import type { MarfCode, MarfHop } from './verify-marf-proof.ts';

/** What is shown of one header: a value under a key in the state after it. */
export interface ProofStatement {
  readonly header: NakamotoHeader;
  /** Headers of the blocks that the proof passes, in order. Of Nakamoto headers the signatures do not matter. */
  readonly passed: readonly PassedHeader[];
  readonly proof: readonly MarfEntry[];
  /** Text of the value. */
  readonly value: string;
}

/** Height and time below which the next header may not be. Time is in Unix seconds. */
export interface Floor {
  readonly height: number;
  readonly time: number;
}

/**
 * - `order`: height or time do not ascend from header to header; `signers`: the set did not certify the header, `detail` is the rule.
 * - `headers`: the headers are not those that the proof passes; `state`: the proof does not lead to the header's state root.
 * - `hand-over`: the value is no signer set.
 */
export type StatementProblem =
  | { readonly ok: false; readonly code: 'order'; readonly detail: 'height' | 'time' }
  | { readonly ok: false; readonly code: 'signers'; readonly detail: RuleCode }
  | { readonly ok: false; readonly code: 'headers'; readonly detail: string }
  | { readonly ok: false; readonly code: 'state'; readonly detail: MarfCode }
  | { readonly ok: false; readonly code: 'hand-over'; readonly detail: HandOverCode };

export interface CheckOptions {
  readonly verify: Verify;
  readonly signal?: AbortSignal | undefined;
}

/** Whether a set certified a header that is not below the floor. Rejects only when aborted, or when nothing can verify signatures. */
export async function certify(header: NakamotoHeader, floor: Floor, set: SignerSet, { verify, signal }: CheckOptions): Promise<Certified | StatementProblem> {
  if (header.chainLength < floor.height) return { ok: false, code: 'order', detail: 'height' };
  if (header.timestamp < floor.time) return { ok: false, code: 'order', detail: 'time' };
  const verdict = await verifySigners(header, set, verify, { signal });
  return verdict.ok ? verdict : { ok: false, code: 'signers', detail: verdict.code };
}

/** Whether the key has the value in the state after the header. The nodes are hashed by a verifier. The headers passed must be exactly those that the proof needs. */
export async function checkState({ header, passed, proof, value }: ProofStatement, key: string, options: CheckOptions): Promise<{ readonly ok: true; readonly hops: readonly MarfHop[] } | StatementProblem> {
  const roots = passed.map(idAndRootOf);
  const needed = blocksOfProof(proof);
  if (needed.length !== roots.length || needed.some((block, i) => block !== roots[i]!.id)) return { ok: false, code: 'headers', detail: `${needed.length} blocks, ${roots.length} headers` };
  const nodeRoots = await foldSegments(proof, options);
  const verdict = verifyMarfProof(proof, { key, value, nodeRoots, root: header.stateRoot, rootOfBlock: (block) => roots.find(({ id }) => id === block)?.stateRoot });
  return verdict.ok ? verdict : { ok: false, code: 'state', detail: verdict.code };
}

/**
 * The set of the cycle after `set`'s, if the state after a header that `set` certified names it, and the floor of what that set certifies. Whichever block
 * of the prepare phase wrote the set, any later one that `set` certified shows it.
 */
export async function takeHandOver(statement: ProofStatement, set: SignerSet, floor: Floor, network: HandOverNetwork, options: CheckOptions): Promise<{ readonly ok: true; readonly set: SignerSet; readonly floor: Floor; readonly certified: Certified; readonly hops: readonly MarfHop[] } | StatementProblem> {
  const { header, value } = statement;
  const cycle = set.cycle + 1;
  const certified = await certify(header, floor, set, options);
  if (!certified.ok) return certified;
  const shown = await checkState(statement, signerSetKey(cycle, network), options);
  if (!shown.ok) return shown;
  const next = readSignerSet(cycle, value, network);
  if (!next.ok) return { ok: false, code: 'hand-over', detail: next.code };
  // What a set certifies comes after the block that named it.
  return { ok: true, set: next.set, floor: { height: header.chainLength + 1, time: header.timestamp }, certified, hops: shown.hops };
}
