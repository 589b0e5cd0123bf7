import type { Verify } from '../../src/crypto/jobs.ts';
import { finish } from '../../src/crypto/finish.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { stepsOf } from '../../src/crypto/steps-of.ts';

/** Verifies every kind of job on this thread. */
export const verifyHere: Verify = async (job, options) => {
  options?.signal?.throwIfAborted();
  return finish(await stepsOf(job, runJob));
};
