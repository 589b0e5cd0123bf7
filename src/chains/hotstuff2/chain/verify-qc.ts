/**
 * Whether a certificate is that of a block, and whether a quorum of the block's validators signed it (HotStuff-2 reference, 1.2 and 2.2).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Ed25519StrictJob, VerificationJob, Verify } from '../../../crypto/jobs.ts';
import type { Qc } from '../wire/qc.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { blsVoteMessage, ed25519VoteMessage } from '../wire/vote.ts';
import { quorumOf } from './quorum.ts';
import type { RuleCode } from './rule-code.ts';

/** A certificate with the block that it should certify and the set named in the block's header. */
export interface QcCase {
  readonly qc: Qc;
  readonly hash: Hash;
  readonly view: number;
  readonly set: ValidatorSet;
}

/** What can be said without a signature: block, view, scheme, indices, quorum. */
export function checkQc({ qc, hash, view, set }: QcCase): RuleCode | undefined {
  if (qc.view !== view) return 'qc-view';
  if (qc.hash !== hash) return 'qc-hash';
  if (qc.scheme !== set.scheme) return 'qc-scheme';
  const n = set.keys.length;
  if (qc.signers.some((signer, i) => signer >= n || (i > 0 && signer <= qc.signers[i - 1]!))) return 'qc-signer';
  return qc.signers.length < quorumOf(n) ? 'qc-quorum' : undefined;
}

/** The job whose validity is that of the signatures. `checkQc` must have passed. */
export function jobOfQc({ qc, set }: QcCase): VerificationJob {
  if (qc.scheme === 'bls') return { kind: 'bls12-381', keys: qc.signers.map((signer) => set.keys[signer]!), message: blsVoteMessage(qc), signature: qc.aggregate };
  return { kind: 'ed25519-strict', signatures: signaturesOf(qc, set) };
}

function signaturesOf(qc: Extract<Qc, { scheme: 'ed25519' }>, { keys }: ValidatorSet): Ed25519StrictJob['signatures'] {
  const { view, hash } = qc;
  return qc.signers.map((index, i) => ({ publicKey: keys[index]!, message: ed25519VoteMessage({ view, hash, index, time: qc.times[i]! }), signature: qc.signatures[i]! }));
}

/** The rule that the certificate breaks. Rejects with the signal's reason only, or when nothing can verify any more. */
export async function verifyQc(qcCase: QcCase, verify: Verify, signal?: AbortSignal): Promise<RuleCode | undefined> {
  const broken = checkQc(qcCase);
  if (broken) return broken;
  return (await verify(jobOfQc(qcCase), { signal })).valid ? undefined : 'qc';
}

export interface BadQc {
  /** Index of the first bad certificate. */
  readonly at: number;
  readonly code: RuleCode;
}

/** Signatures in one job at most, so that a job of a long run takes a fraction of a second without WebCrypto too. */
const SIGNATURES_A_JOB = 128;

/** The first bad certificate of many. Ed25519 signatures of several certificates go together into a job. */
export async function verifyQcs(cases: readonly QcCase[], verify: Verify, signal?: AbortSignal): Promise<BadQc | undefined> {
  const wrong = cases.findIndex((it) => checkQc(it) !== undefined);
  const good = wrong < 0 ? cases : cases.slice(0, wrong);
  const bad = (await Promise.all(partsOf(good).map((part) => verifyPart(part, verify, signal)))).find((it) => it !== undefined);
  return bad ?? (wrong < 0 ? undefined : { at: wrong, code: checkQc(cases[wrong]!)! });
}

interface Part {
  readonly job: VerificationJob;
  /** The index of the certificate of each signature; of a BLS job, of the one certificate. */
  readonly certificates: readonly number[];
}

function partsOf(cases: readonly QcCase[]): readonly Part[] {
  const parts: Part[] = [];
  let signatures: Ed25519StrictJob['signatures'][number][] = [];
  let certificates: number[] = [];
  const close = () => {
    if (signatures.length > 0) parts.push({ job: { kind: 'ed25519-strict', signatures }, certificates });
    [signatures, certificates] = [[], []];
  };
  for (const [at, qcCase] of cases.entries()) {
    if (qcCase.qc.scheme === 'bls') {
      parts.push({ job: jobOfQc(qcCase), certificates: [at] });
      continue;
    }
    const own = signaturesOf(qcCase.qc, qcCase.set);
    if (signatures.length + own.length > SIGNATURES_A_JOB) close();
    signatures.push(...own);
    for (const _ of own) certificates.push(at);
  }
  close();
  return parts.toSorted((a, b) => a.certificates[0]! - b.certificates[0]!);
}

async function verifyPart({ job, certificates }: Part, verify: Verify, signal: AbortSignal | undefined): Promise<BadQc | undefined> {
  const result = await verify(job, { signal });
  if (result.valid) return undefined;
  return { at: certificates[result.at ?? 0] ?? certificates[0]!, code: 'qc' };
}
