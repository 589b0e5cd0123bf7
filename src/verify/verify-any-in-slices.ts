import type { Verify } from '../crypto/jobs.ts';
import { runJob } from '../crypto/run-job.ts';
import { stepsOf } from '../crypto/steps-of.ts';
import { inSlices } from './verify-in-slices.ts';

/** As `verifyInSlices`, for the jobs of every chain: their code is loaded with the first of them. Not in the package, whose files are in one piece. */
export const verifyAnyInSlices: Verify = inSlices((job) => stepsOf(job, runJob));
