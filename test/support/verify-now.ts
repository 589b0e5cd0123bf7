import type { JobResult, VerificationJob, Verify } from '../../src/crypto/jobs.ts';
import { runJobNow } from '../../src/crypto/run-job.ts';
import { toHex } from '../../src/base/bytes.ts';

const results = new Map<string, JobResult>();

/** Verifies on this thread, each job only once per test file, because many chains contain the same blocks. */
export const verifyNow: Verify = async (job) => {
  const key = keyOf(job);
  const result = results.get(key) ?? runJobNow(job);
  results.set(key, result);
  return result;
};

function keyOf(job: VerificationJob): string {
  return JSON.stringify(job, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
}
