/**
 * The two-chain rule: a block is final when it and its child of the next view are both certified; its ancestors are final with it. One certificate makes a
 * block certified only, and a gap between views finalises nothing (HotStuff-2 reference, 2 and 3).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { CertifiedHeader, FinalityProof } from '../wire/finality-proof.ts';
import type { Header } from '../wire/header.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { checkLink, checkProposer } from './check-link.ts';
import { checkSetsOfPair } from './hand-over.ts';
import { hashOf } from './hash.ts';
import type { RuleCode } from './rule-code.ts';
import { verifyQcs } from './verify-qc.ts';
import type { QcCase } from './verify-qc.ts';

/** The sets that a client may use, by their hash. `parent`: of a child that another set signs. Undefined: not there. */
export type SetOf = (header: Header, parent?: Header) => ValidatorSet | undefined;

/** Whether a certified block makes its certified parent final. */
export function isTwoChain(parent: Pick<Header, 'view'>, child: Pick<Header, 'view'>): boolean {
  return child.view === parent.view + 1;
}

/**
 * The index of the last block that a row of linked and certified blocks makes final, itself or as an ancestor; -1: none. The last block of the row is never
 * among them.
 */
export function finalIndex(views: readonly number[]): number {
  for (let i = views.length - 2; i >= 0; i -= 1) if (isTwoChain({ view: views[i]! }, { view: views[i + 1]! })) return i;
  return -1;
}

/** What of a finality proof can be checked without signatures. */
export function checkFinalityProof({ final, child }: FinalityProof, chainId: Hash): RuleCode | undefined {
  if (final.header.chainId !== chainId) return 'chain-id';
  // A set that does not follow must not make a certified block final.
  const broken = checkLink({ id: hashOf(final.headerBytes), header: final.header }, child.header) ?? checkSetsOfPair(final.header, child.header);
  return broken ?? (isTwoChain(final.header, child.header) ? undefined : 'not-final');
}

/**
 * The rule that a proof breaks. `set-unknown-bytes`: a header names a set that `setOf` does not have. Only the final block has to be where its set rules: a
 * certified child of the same set may lose to the first block of the next set.
 */
export async function verifyFinalityProof(proof: FinalityProof, options: { readonly chainId: Hash; readonly setOf: SetOf; readonly verify: Verify; readonly signal?: AbortSignal | undefined }): Promise<RuleCode | undefined> {
  const broken = checkFinalityProof(proof, options.chainId);
  if (broken) return broken;
  const cases: QcCase[] = [];
  for (const block of [proof.final, proof.child]) {
    const isOther = block === proof.child && block.header.validators !== proof.final.header.validators;
    const set = isOther ? options.setOf(block.header, proof.final.header) : options.setOf(proof.final.header);
    if (!set) return 'set-unknown-bytes';
    const wrong = checkProposer(block.header, set.keys.length);
    if (wrong) return wrong;
    cases.push(caseOf(block, set));
  }
  return (await verifyQcs(cases, options.verify, options.signal))?.code;
}

/** The certificate of a header with what it has to certify. */
export function caseOf({ headerBytes, header, qc }: CertifiedHeader, set: ValidatorSet): QcCase {
  return { qc, hash: hashOf(headerBytes), view: header.view, set };
}
