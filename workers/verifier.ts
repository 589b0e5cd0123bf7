/**
 * A verifier, of signatures or of zero-knowledge proofs: one page starts it, the hub gives it its jobs. It keeps no state that matters. Those of
 * proofs are workers of their own, so that no block waits for one, but of the same script, which is loaded once.
 * @module
 */

import '../src/network/with-resolvers.ts';
import type { BackEnd } from '../src/bridge/back-end.ts';
import { readServeMessage, serveJobs, type JobServer } from '../src/bridge/job-port.ts';
import { onPolicyViolation } from '../src/bridge/policy-violation.ts';
import type { JobResult, VerificationJob } from '../src/crypto/jobs.ts';
import { runJob } from '../src/crypto/run-job.ts';
import type { RunJob } from '../src/crypto/run-job.ts';
import { systemClock } from '../src/network/system.ts';

/** Milliseconds that a job waits for WebAssembly to be there, which takes about as long as one pairing on BigInt: in vain only if the network hangs. */
const PATIENCE = 1_000;

interface Chosen {
  readonly runJob: RunJob;
  readonly about: BackEnd;
}

/** Its own script: whoever stays on BigInt never loads it. Its own check, a whole pairing, leaves it warm before the first job. */
const chosen: Promise<Chosen> = import('../src/crypto/wasm/choose-runner.ts').then(
  ({ chooseRunner }) => {
    const { refused, runJob } = chooseRunner();
    return { runJob, about: refused ? { backend: 'bigint', reason: refused } : { backend: 'wasm' } };
  },
  () => ({ runJob, about: { backend: 'bigint', reason: 'not-loaded' } }),
);
const chosenInTime = Promise.race([chosen, new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE))]);

let runner: RunJob | undefined;
void chosen.then((choice) => (runner = choice.runJob));

const servers: JobServer[] = [];
onPolicyViolation((violation) => servers.forEach((server) => server.tell(violation)));

addEventListener('message', (event) => {
  const port = readServeMessage(event.data);
  if (!port) return;
  const server = serveJobs<VerificationJob, JobResult>(port, run, systemClock);
  servers.push(server);
  void chosen.then(({ about }) => server.tell(about));
});

/** In the slices the hub would run it in, only without pauses: between them goes the sign of life. */
async function run(job: VerificationJob, beat: () => void): Promise<JobResult> {
  // A proposer's signature and seed are of another curve.
  if (!runner && job.kind !== 'proposer') await chosenInTime;
  const slices = (runner ?? runJob)(job);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    beat();
  }
}
