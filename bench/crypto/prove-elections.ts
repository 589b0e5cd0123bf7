/** Verifies election blocks from genesis on with workers: first the keys, then signatures and voting-key trees batch by batch. */
import type { JobResult, JustificationsJob, KeyRootsJob, KeysJob, VerificationJob } from '../../src/crypto/jobs.ts';
import type { ElectionBatch } from './election-batch.ts';
import { fromText } from './plain-text.ts';

/** Runs a job on one worker, which takes one job at a time. */
export type RunOnWorker = (request: { job: VerificationJob; backEnd: 'wasm' | 'bigint' }) => Promise<JobResult>;

/** Times in milliseconds. */
export interface Proving {
  readonly blocks: number;
  /** From the first job to the last answer. */
  readonly all: number;
  /** The part of that time until all voting keys were decoded. */
  readonly keys: number;
}

interface Options {
  readonly workers: readonly RunOnWorker[];
  readonly backEnd: 'wasm' | 'bigint';
  /** An `ElectionBatch`. */
  readonly batch: string;
  /** Maximum number of its blocks to verify. */
  readonly blocks: number;
  /** Blocks per job. */
  readonly size: number;
}

export async function proveElections({ workers, backEnd, batch, blocks, size }: Options): Promise<Proving> {
  const { keys, justifications, roots } = fromText(batch) as ElectionBatch;
  const count = Math.min(blocks, justifications.items.length);
  /** Runs the jobs in order, each on the next free worker. */
  const runAll = async (jobs: readonly VerificationJob[]): Promise<JobResult[]> => {
    const waiting = jobs.entries();
    const results: JobResult[] = [];
    const work = async (run: RunOnWorker) => {
      for (const [i, job] of waiting) {
        const result = await run({ job, backEnd });
        if (!result.valid) throw new Error(`the ${job.kind} job failed`);
        results[i] = result;
      }
    };
    await Promise.all(workers.map(work));
    return results;
  };
  // Start the engine of each worker before the time measurement begins.
  await runAll(workers.map(() => ({ kind: 'keys', keys: [] })));

  const begun = performance.now();
  const share = 8;
  const shares = Array.from({ length: Math.ceil(keys.keys.length / share) }, (_, i): KeysJob => ({ kind: 'keys', keys: keys.keys.slice(i * share, (i + 1) * share) }));
  const points = new Map((await runAll(shares)).flatMap(({ decoded }) => decoded.map(({ compressed, point }) => [String(compressed), point])));
  const decodedAt = performance.now();
  const known = justifications.keys.map(({ compressed }) => ({ compressed, decoded: points.get(String(compressed)) }));
  const jobs: VerificationJob[] = [];
  for (let i = 0; i < count; i += size) {
    const end = Math.min(count, i + size);
    jobs.push({ kind: 'justifications', keys: known, items: justifications.items.slice(i, end) } satisfies JustificationsJob);
    jobs.push({ kind: 'key-roots', lists: roots.lists.slice(i, end) } satisfies KeyRootsJob);
  }
  await runAll(jobs);
  return { blocks: count, all: performance.now() - begun, keys: decodedAt - begun };
}
