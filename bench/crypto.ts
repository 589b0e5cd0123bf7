/**
 * `npm run bench`: the curve's operations on BigInt and in WebAssembly, beside `@nimiq/core` where it has them, and election blocks
 * verified per second on workers, in Node and in Chromium. Writes bench/results/crypto.json and the tables in docs/performance.md.
 * `--rounds n` for other than 15, `--blocks n` for other than 1300, `--no-write` to print only. No figure makes it fail.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/setup.mjs';
import { inChromium, inCurrentNode, inThisNode, type ElectionRun } from './crypto/engines.ts';
import { prepareFolder } from './crypto/prepare-folder.ts';
import { cryptoTable, electionTable } from './crypto/table.ts';
import { machine } from './machine.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

/** Blocks a job, as many as a sync gives at once. */
const SIZE = 128;
/** BigInt takes its time. */
const BIGINT_SHARE = 5;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, blocks: { type: 'string', default: '1300' }, 'no-write': { type: 'boolean', default: false } } });
const [rounds, blocks] = [Number(values.rounds), Number(values.blocks)];
const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
try {
  const version = await prepareFolder(folder, blocks);
  const facts = machine('');
  const run = (workers: number, backEnd: 'wasm' | 'bigint'): ElectionRun => ({ workers, backEnd, blocks: backEnd === 'wasm' ? blocks : Math.ceil(blocks / BIGINT_SHARE), size: SIZE });
  const options = { rounds, runs: [run(1, 'wasm'), run(2, 'wasm'), run(2, 'bigint')] };
  const engines = [inThisNode(folder, options), inCurrentNode(folder, options), await inChromium(folder, options)].filter((engine) => engine !== undefined);
  const tables = `${cryptoTable(engines)}\n\n${electionTable(engines)}`;
  process.stdout.write(`${tables}\n`);
  if (!values['no-write']) {
    const { cpu, cores, date, commit, load } = facts;
    writeFileSync(join(root, 'bench/results/crypto.json'), `${JSON.stringify({ machine: { cpu, cores, date, commit, load }, official: version, rounds, engines }, undefined, 1)}\n`);
    const where = `${cpu}, ${cores} cores; ${date.slice(0, 10)}, commit ${commit}, load before ${load.toFixed(1)}; @nimiq/core ${version}. Medians of ${rounds} rounds, all in turns in one run; in brackets how many times as long it takes as WebAssembly. Election blocks: 60 validators out of 78, drawn anew for each; signatures and voting-key trees, the decoding of the keys included.`;
    writeBetweenMarkers(join(root, 'docs/performance.md'), 'bench:crypto', `${where}\n\n${tables}`, { title: 'Performance of the crypto', heading: 'Measured (`npm run bench`)' });
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
