/**
 * `npm run simulate -- --seeds n [--from s] [--jobs j]` runs n worlds on all cores but one. `--seed s` runs one world and prints
 * every event. Failing seeds are printed, and the exit code tells whether there were any.
 */

import { fork } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '../support/many-listeners.ts';
import { runWorld } from './world.ts';
import type { Outcome } from './world.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' }, seed: { type: 'string' }, jobs: { type: 'string' }, part: { type: 'string' } },
});

const whole = (name: 'seeds' | 'from' | 'seed' | 'jobs', text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= (name === 'from' || name === 'seed' ? 0 : 1)) return value;
  process.stderr.write(`--${name} ${text}: a whole number is needed\n`);
  return process.exit(2);
};

const print = (line: string) => process.stdout.write(`${line}\n`);
const from = whole('from', values.from);
const count = whole('seeds', values.seeds);
const jobs = Math.min(count, values.jobs === undefined ? Math.max(1, availableParallelism() - 1) : whole('jobs', values.jobs));

if (values.seed !== undefined) await replay(whole('seed', values.seed));
else if (values.part !== undefined) await part(Number(values.part));
else await all();

async function replay(seed: number): Promise<void> {
  const outcome = await runWorld(seed, print);
  print(JSON.stringify(outcome, undefined, 2));
  process.exitCode = outcome.verdict === 'failed' ? 1 : 0;
}

/** One of several processes; it runs every `jobs`-th seed. */
async function part(index: number): Promise<void> {
  // The parent process has ended.
  process.once('disconnect', () => process.exit(1));
  for (let seed = from + index; seed < from + count; seed += jobs) process.send?.(await runWorld(seed));
  process.removeAllListeners('disconnect');
  process.disconnect();
}

async function all(): Promise<void> {
  const begun = performance.now();
  const sums = { done: 0, failed: 0, restarts: 0, waited: 0, deceived: 0, adopted: 0, requests: 0, banned: 0, time: 0, busiest: 0 };
  const failed: number[] = [];
  const recoveries: number[] = [];
  const take = (outcome: Outcome) => {
    sums.done += 1;
    sums.adopted += outcome.adopted;
    sums.requests += outcome.requests;
    sums.banned += outcome.banned;
    sums.time += outcome.time;
    sums.deceived += outcome.deceived ? 1 : 0;
    sums.restarts += outcome.restarts;
    sums.waited += outcome.waited ? 1 : 0;
    sums.busiest = Math.max(sums.busiest, outcome.busiest);
    if (outcome.verdict === 'ok') recoveries.push(outcome.recovery);
    if (outcome.verdict === 'failed') {
      failed.push(outcome.seed);
      print(`seed ${outcome.seed} FAILED  (replay: npm run simulate -- --seed ${outcome.seed})\n  ${outcome.cast}\n  ${outcome.failures.join('\n  ')}`);
    }
    if (sums.done % 500 === 0) print(`${sums.done} of ${count} seeds, ${failed.length} failed, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  };
  const parts = Array.from({ length: jobs }, (_, index) => runPart(index, take));
  // After an interrupt, the run still reports its progress, and ends all its processes.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => parts.forEach(({ stop }) => stop()));
  try {
    await Promise.all(parts.map(({ ended }) => ended));
  } finally {
    report();
  }

  function report(): void {
    recoveries.sort((a, b) => a - b);
    const at = (share: number) => `${((recoveries[Math.min(recoveries.length - 1, Math.floor(recoveries.length * share))] ?? 0) / 1000).toFixed(1)} s`;
    print(`\n${sums.done} seeds from ${from}: ${sums.done - failed.length} ok, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(' ')}` : ''}`);
    print(`${sums.adopted} blocks adopted, ${sums.requests} requests (most to one peer in 10 s: ${sums.busiest}), ${sums.banned} liars banned, deceived by conspiracies and back: ${sums.deceived}, waited for a validator list: ${sums.waited}, restarts: ${sums.restarts}`);
    print(`head reached after the trouble in: median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}, longest ${at(1)} of virtual time; ${(sums.time / 3_600_000).toFixed(0)} virtual hours in all`);
    print(`${((performance.now() - begun) / 1000).toFixed(0)} s on ${jobs} of ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node})`);
    process.exitCode = failed.length === 0 && sums.done === count ? 0 : 1;
  }
}

interface Part {
  /** Resolves when the process has ended; rejects when it crashed. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

function runPart(index: number, take: (outcome: Outcome) => void): Part {
  const child = fork(fileURLToPath(import.meta.url), ['--part', String(index), '--seeds', String(count), '--from', String(from), '--jobs', String(jobs)]);
  let stopping = false;
  child.on('message', (outcome) => take(outcome as Outcome));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => (code === 0 || stopping || signal === 'SIGINT' ? resolve() : reject(new Error(`process ${index} ended with ${code ?? signal}`))));
  });
  return {
    ended,
    stop: () => {
      stopping = true;
      child.kill();
    },
  };
}
