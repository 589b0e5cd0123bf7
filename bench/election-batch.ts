/**
 * `npx tsx bench/election-batch.ts`: election blocks verified per second on one thread, on BigInt. `--blocks n` for other than 100,
 * `--rounds n` for other than 5. Processor time, so that what else the machine does falls out as far as it can.
 */
import { parseArgs } from 'node:util';
import type { VerificationJob } from '../src/crypto/jobs.ts';
import { runJobNow } from '../src/crypto/run-job.ts';
import { electionBatch } from './crypto/election-batch.ts';

const { values } = parseArgs({ options: { blocks: { type: 'string', default: '100' }, rounds: { type: 'string', default: '5' } } });
const blocks = Number(values.blocks);
const batch = electionBatch(blocks);

/** Milliseconds of processor time a block. */
function measure(job: VerificationJob): number {
  const before = process.cpuUsage();
  const { valid } = runJobNow(job);
  const { user, system } = process.cpuUsage(before);
  if (!valid) throw new Error(`the ${job.kind} job failed`);
  return (user + system) / 1000 / blocks;
}

const median = (job: VerificationJob) => Array.from({ length: Number(values.rounds) }, () => measure(job)).toSorted((a, b) => a - b)[Math.floor(Number(values.rounds) / 2)]!;

const decoding = measure(batch.keys);
const first = measure(batch.justifications);
const justification = median(batch.justifications);
const root = median(batch.roots);
const lines = [
  `${blocks} election blocks, ${batch.keys.keys.length} voting keys, ms of processor time a block:`,
  `  keys decoded, once           ${decoding.toFixed(2)}`,
  `  justifications, first batch  ${first.toFixed(2)}`,
  `  justifications, later ones   ${justification.toFixed(2)}`,
  `  voting-key trees             ${root.toFixed(2)}`,
  `blocks per second and thread   ${(1000 / (justification + root)).toFixed(0)}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
