import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { openJobPort } from '../../src/bridge/ports/job-port.ts';
import type { JobResult, VerificationJob } from '../../src/crypto/jobs.ts';
import { runJobNow } from '../../src/crypto/run-job.ts';
import type { VerifierPort } from '../../src/hub/loans/verifier-pool.ts';
import { systemClock } from '../../src/base/system.ts';
import { startNodeClient } from '../support/node-client.ts';

/** A lent worker that misbehaves, and counts its jobs. */
function worker(verify: VerifierPort['verify']): VerifierPort & { readonly jobs: () => number } {
  let jobs = 0;
  return { jobs: () => jobs, verify: (job) => (jobs++, verify(job)), close: () => undefined };
}

/** A worker's port whose other side never answers. The time limit of ten seconds passes in half a second here. */
function hang(): VerifierPort['verify'] {
  const { port1, port2 } = new MessageChannel();
  const clock = { ...systemClock, after: (ms: number, callback: () => void) => systemClock.after(ms / 20, callback) };
  const jobs = openJobPort<VerificationJob, JobResult>(port1, clock);
  void jobs.ended.then(() => port2.close());
  return (job) => jobs.run(job);
}

it.each<[string, VerifierPort['verify']]>([
  ['lie', async (): Promise<JobResult> => ({ valid: false, failure: 'seed', decoded: [] })],
  ['hang', hang()],
  ['die', () => Promise.reject(new Error('gone'))],
])('with a verifier that %ss the client blames no peer and reaches the head', async (_, verify) => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'verifiers' });
  try {
    const [bad, good] = [worker(verify), worker(async (job) => runJobNow(job))];
    await devnet.produce(34);
    const client = await startNodeClient({ network: devnet.network, verifiers: [bad, good] });
    const synced = () => client.client.getStatus().consensus === 'established' && client.client.getHead().latest.hash === devnet.chain.head.hash;
    await client.until('synced', synced);
    await devnet.produce(2);
    await client.until('the new head', synced);
    expect(bad.jobs()).toBeGreaterThan(0);
    expect(client.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
    expect(client.client.getHead().latest.trust).toBe('proven');
    await client.close();
  } finally {
    await devnet.close();
  }
});
