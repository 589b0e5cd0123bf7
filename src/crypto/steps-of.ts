import type { JobResult, VerificationJob } from './jobs.ts';
import type { RunJob } from './run-job.ts';

/** The steps of any job: of a built-in one those of `runJob`. What the others need is loaded with the first of them. Rejects if it cannot be loaded. */
export async function stepsOf(job: VerificationJob, runJob: RunJob): Promise<Generator<void, JobResult>> {
  if (job.kind === 'secp256k1-recover') {
    const { recoverSteps } = await import('./secp256k1-recover.ts');
    return recoverSteps(job);
  }
  if (job.kind === 'hash-chains') {
    const { hashChainSteps } = await import('./hash-chains.ts');
    return hashChainSteps(job);
  }
  if (job.kind !== 'ed25519-strict' && job.kind !== 'bls12-381') return runJob(job);
  const { stepsOfSignatures } = await import('./run-signatures.ts');
  return stepsOfSignatures(job);
}
