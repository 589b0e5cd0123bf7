/** A verifier: one page starts it, the hub gives it its jobs. It keeps no state that matters. */

import '../src/network/with-resolvers.ts';
import { readServeMessage, serveJobs } from '../src/bridge/job-port.ts';
import type { JobResult, VerificationJob } from '../src/crypto/jobs.ts';
import { runJob } from '../src/crypto/run-job.ts';
import { systemClock } from '../src/network/system.ts';

let runner = runJob;

// Its own script: whoever stays on BigInt never loads it. Jobs that come before it is there run on BigInt, as all do if it does not come.
void import('../src/crypto/wasm/choose-runner.ts').then(
  ({ chooseRunner }) => {
    runner = chooseRunner().runJob;
  },
  () => undefined,
);

addEventListener('message', (event) => {
  const port = readServeMessage(event.data);
  if (port) serveJobs<VerificationJob, JobResult>(port, run, systemClock);
});

/** In the slices the hub would run it in, only without pauses: between them goes the sign of life. */
function run(job: VerificationJob, beat: () => void): JobResult {
  const slices = runner(job);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    beat();
  }
}
