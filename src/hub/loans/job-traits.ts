/**
 * What the pool must know of a kind of job: how long it takes, which part of it confirms an "invalid", and which form its result has.
 * @module
 */
import type { JobResult, VerificationJob } from '../../crypto/jobs.ts';

/**
 * The part of a job that our own thread verifies to confirm an "invalid". Of many justifications it is only the disputed one, which on
 * BigInt takes a hundredth of the time of all.
 */
export function doubtfulPart(job: VerificationJob, at: number | undefined): VerificationJob {
  if (at === undefined) return job;
  if (job.kind === 'ed25519-strict') return { ...job, signatures: job.signatures.slice(at, at + 1) };
  if (job.kind === 'secp256k1-recover') return { ...job, signatures: job.signatures.slice(at, at + 1) };
  return job.kind === 'justifications' ? { ...job, items: job.items.slice(at, at + 1) } : job;
}

/** How many items a job has whose "invalid" names the first invalid one. */
export function itemsOf(job: VerificationJob): number | undefined {
  if (job.kind === 'ed25519-strict' || job.kind === 'secp256k1-recover') return job.signatures.length;
  return job.kind === 'justifications' ? job.items.length : undefined;
}

/** Ed25519 signatures, or keys of a BLS signature, that take some tens of milliseconds in JavaScript; a certificate of up to 22 validators. */
const SHORT_SIGNATURES = 15;

/** Recoveries of 1.4 ms each in JavaScript: a header of the Stacks main network, which some 31 signers and the miner sign. */
const SHORT_RECOVERIES = 40;

/** Whether a live block needs this job: it takes at most some tens of milliseconds. No worker is started for it. */
export function isShort(job: VerificationJob): boolean {
  if (job.kind === 'ed25519-strict') return job.signatures.length <= SHORT_SIGNATURES;
  if (job.kind === 'bls12-381') return job.keys.length <= SHORT_SIGNATURES;
  if (job.kind === 'secp256k1-recover') return job.signatures.length <= SHORT_RECOVERIES;
  // A proof of the state has some tens of nodes, which take 6 ms each at most.
  return job.kind === 'proposer' || job.kind === 'hash-chains' || (job.kind === 'multi-signature' && job.signers.every(({ decoded }) => decoded));
}

/** Whether a job takes a second: up to 128 justifications, a proof, or hundreds of keys to decode. */
export function isLong(job: VerificationJob): boolean {
  return job.kind === 'justifications' || job.kind === 'zk-proof' || (signatureKinds.includes(job.kind) && !isShort(job));
}

/** Kinds whose jobs are short or long, by the number of signers. */
const signatureKinds: readonly VerificationJob['kind'][] = ['multi-signature', 'ed25519-strict', 'bls12-381', 'secp256k1-recover'];

/** Checks the form of a worker's result, because a page lent the worker and cannot be trusted. */
export function isResultOf(job: VerificationJob, value: unknown): value is JobResult {
  if (typeof value !== 'object' || value === null) return false;
  const { valid, decoded, roots, keys, at } = value as Readonly<Record<string, unknown>>;
  if (typeof valid !== 'boolean' || !Array.isArray(decoded)) return false;
  const items = itemsOf(job);
  if (!valid && items !== undefined) return Number.isInteger(at) && (at as number) >= 0 && (at === 0 || (at as number) < items);
  if ((job.kind === 'key-roots' || job.kind === 'hash-chains') && valid) {
    return Array.isArray(roots) && roots.length === (job.kind === 'key-roots' ? job.lists : job.chains).length && roots.every((root) => root instanceof Uint8Array && root.length === 32);
  }
  if (job.kind === 'secp256k1-recover' && valid) {
    return Array.isArray(keys) && keys.length === job.signatures.length && keys.every((key) => key instanceof Uint8Array && key.length === 33);
  }
  return true;
}
