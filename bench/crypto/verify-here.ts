/** Runs a job at once on the requested back end; the bench's workers use it. */
import { finish } from '../../src/crypto/finish.ts';
import type { JobResult, VerificationJob } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { chooseRunner } from '../../src/crypto/wasm/choose-runner.ts';

let chosen: ReturnType<typeof chooseRunner> | undefined;

export function verifyHere({ job, backEnd }: { job: VerificationJob; backEnd: 'wasm' | 'bigint' }): JobResult {
  return finish(backEnd === 'bigint' ? runJob(job) : (chosen ??= chooseRunner()).runJob(job));
}
