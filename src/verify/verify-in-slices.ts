import { createTurnTaker } from '../base/yield-turn.ts';
import type { JobResult, VerificationJob, Verify } from '../crypto/jobs.ts';
import { runJob } from '../crypto/run-job.ts';

/** Milliseconds of work before other tasks get a turn: half a frame of 60 Hz. */
const SLICE_TIME = 8;

/** Runs the steps of a job on this thread, in slices: the page around it stays responsive. */
export function inSlices(stepsOf: (job: VerificationJob) => Generator<void, JobResult> | Promise<Generator<void, JobResult>>): Verify {
  return async (job, { signal } = {}) => {
    const turns = createTurnTaker();
    try {
      const steps = await stepsOf(job);
      for (let end = performance.now() + SLICE_TIME; ; ) {
        signal?.throwIfAborted();
        const step = steps.next();
        if (step.done) return step.value;
        if (performance.now() < end) continue;
        await turns.turn();
        end = performance.now() + SLICE_TIME;
      }
    } finally {
      turns.close();
    }
  };
}

/** Runs a verification job of Albatross on this thread, on BigInt, in slices. Rejects with the signal's reason only. */
export const verifyInSlices: Verify = inSlices(runJob);
