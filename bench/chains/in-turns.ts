import type { JobResult } from './job.ts';
import { runClient } from './run-client.ts';
import type { Row } from './tables.ts';

/** A line that takes time, so that several nodes help: 20 ms and 8 Mbit/s to each node. */
export const THIN = { roundTrip: 20, kilobits: 8000 };

/** Runs each job `runs` times, all jobs in turns, so that a busy minute of the machine falls on all of them. */
export async function inTurns(runs: number, jobs: Readonly<Record<string, Parameters<typeof runClient>[0]>>): Promise<readonly Row[]> {
  const results = new Map<string, JobResult[]>(Object.keys(jobs).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) for (const [name, job] of Object.entries(jobs)) results.get(name)!.push(await runClient(job));
  return Array.from(results, ([name, done]) => ({ name, runs: done }));
}
