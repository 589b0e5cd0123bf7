/**
 * `npm run bench`: measures the curve operations on BigInt, in WebAssembly and in `@nimiq/core` (where it has them), and how fast
 * workers verify election blocks from genesis on, in Node and in Chromium. Writes bench/results/crypto.json, the tables in
 * docs/performance.md, and the few figures with a goal in docs/bench.md. `--rounds n` changes the 15 rounds, `--blocks n` the 1300
 * blocks; `--no-write` only prints. No figure makes it fail.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inChromium, inCurrentNode, inThisNode, type ElectionRun } from './crypto/engines.ts';
import { prepareFolder } from './crypto/prepare-folder.ts';
import { tablesOf, writeReport, type Results } from './crypto/report.ts';
import { machine } from './machine.ts';

/** Blocks per job, as many as a sync puts into one job. */
const SIZE = 128;
/** BigInt is slow, so it verifies only one fifth of the blocks. */
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
