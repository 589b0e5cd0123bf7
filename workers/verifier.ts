/**
 * A verifier, of signatures or of zero-knowledge proofs: one page starts it, and the hub gives it its jobs. It keeps no state that matters.
 * With more than two cores, proofs have workers of their own, so that no block waits for a proof. Both run the same script, which is loaded
 * once.
 * @module
 */

import '../src/base/with-resolvers.ts';
import type { BackEnd } from '../src/bridge/life/back-end.ts';
import { readServeMessage, serveJobs, type JobServer } from '../src/bridge/ports/job-port.ts';
import { onPolicyViolation } from '../src/bridge/life/policy-violation.ts';
import type { JobResult, VerificationJob } from '../src/crypto/jobs.ts';
import { runJob } from '../src/crypto/run-job.ts';
import type { RunJob } from '../src/crypto/run-job.ts';
import { spareSignature } from '../src/crypto/spare-signature.ts';
import { stepsOf } from '../src/crypto/steps-of.ts';
import { systemClock } from '../src/base/system.ts';

/**
 * Milliseconds that a job waits for WebAssembly to be ready. One pairing on BigInt takes about as long, so the wait is wasted only if the
 * network hangs.
 */
const PATIENCE = 1_000;

interface Chosen {
  readonly runJob: RunJob;
  readonly about: BackEnd;
}

/**
 * A separate script, so that threads that only use BigInt, such as the hub, never load it. Its self-check, a whole pairing, warms it up
 * before the first job.
 */
const chosen: Promise<Chosen> = import('../src/crypto/wasm/choose-runner.ts').then(
  ({ chooseRunner }) => {
    const { refused, runJob } = chooseRunner();
    return { runJob, about: refused ? { backend: 'bigint', reason: refused } : { backend: 'wasm' } };
  },
  () => ({ runJob, about: { backend: 'bigint', reason: 'not-loaded' } }),
);
const chosenInTime = Promise.race([chosen, new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE))]);

/** Jobs on curves that need no WebAssembly: a proposer's signature and seed, and what only other chains have. */
const otherCurves: readonly VerificationJob['kind'][] = ['proposer', 'ed25519-strict', 'bls12-381', 'secp256k1-recover'];

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

/**
 * Runs the job in the same slices as the hub would, but without pauses. Calls `beat` between the slices, to show that the worker is
 * alive.
 */
async function run(job: VerificationJob, beat: () => void): Promise<JobResult> {
  if (!runner && !otherCurves.includes(job.kind)) await chosenInTime;
  const slices = await stepsOf(await spareSignature(job), runner ?? runJob);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    beat();
  }
}
