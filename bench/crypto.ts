/**
 * `npm run bench`: the curve's operations on BigInt and in WebAssembly, beside `@nimiq/core` where it has them, and election blocks
 * verified from genesis on by workers, in Node and in Chromium. Writes bench/results/crypto.json, the tables in docs/performance.md and the
 * few figures that have a goal in docs/bench.md.
 * `--rounds n` for other than 15, `--blocks n` for other than 1300, `--no-write` to print only. No figure makes it fail.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inChromium, inCurrentNode, inThisNode, type ElectionRun } from './crypto/engines.ts';
import { prepareFolder } from './crypto/prepare-folder.ts';
import { tablesOf, writeReport, type Results } from './crypto/report.ts';
import { machine } from './machine.ts';

/** Blocks a job, as many as a sync gives at once. */
const SIZE = 128;
/** BigInt takes its time. */
const BIGINT_SHARE = 5;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, blocks: { type: 'string', default: '1300' }, 'no-write': { type: 'boolean', default: false } } });
const [rounds, blocks] = [Number(values.rounds), Number(values.blocks)];
const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
try {
  const official = await prepareFolder(folder, blocks);
  const facts = machine('');
  const run = (workers: number, backEnd: 'wasm' | 'bigint'): ElectionRun => ({ workers, backEnd, blocks: backEnd === 'wasm' ? blocks : Math.ceil(blocks / BIGINT_SHARE), size: SIZE });
  const options = { rounds, runs: [run(1, 'wasm'), run(2, 'wasm'), run(2, 'bigint')] };
  const engines = [inThisNode(folder, options), inCurrentNode(folder, options), await inChromium(folder, options)].filter((engine) => engine !== undefined);
  const { cpu, cores, date, commit, load } = facts;
  const results: Results = { machine: { cpu, cores, date, commit, load }, official, rounds, engines };
  process.stdout.write(`${tablesOf(results)}\n`);
  if (!values['no-write']) writeReport(results);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
