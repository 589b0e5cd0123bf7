import { createTurnTaker } from '../base/yield-turn.ts';
import type { Verify } from '../crypto/jobs.ts';
import { runJob } from '../crypto/run-job.ts';
import { stepsOf } from '../crypto/steps-of.ts';

/** Milliseconds of work before other tasks get a turn: half a frame of 60 Hz. */
const SLICE_TIME = 8;

/** Runs a verification job on this thread, on BigInt, in slices: the page around it stays responsive. Rejects with the signal's reason only. */
export const verifyInSlices: Verify = async (job, { signal } = {}) => {
  const turns = createTurnTaker();
  const steps = await stepsOf(job, runJob);
  try {
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
