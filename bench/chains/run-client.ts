import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '../../scripts/setup.mjs';
import type { Job, JobResult } from './job.ts';

/** Milliseconds for one client; 100 000 headers take less than one minute. */
const LONGEST = 600_000;
/** Bytes of a result: a thousand samples. */
const MOST = 1_048_576;

/** Runs a job in a new process, so that neither memory nor compiled code of the run before counts. `heap`: its heap at most, in MiB. */
export async function runClient(job: Partial<Job> & Pick<Job, 'chain' | 'networkFile' | 'target'>, heap?: number): Promise<JobResult> {
  const whole: Job = { peers: 4, config: {}, headersOnly: false, again: false, counted: false, shaped: undefined, ...job };
  const limits = heap === undefined ? [] : [`--max-old-space-size=${heap}`];
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...limits, '--import', 'tsx', 'bench/chains/run-job.ts', JSON.stringify(whole)], { cwd: root, timeout: LONGEST, maxBuffer: MOST });
  return JSON.parse(stdout) as JobResult;
}
