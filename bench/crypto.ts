/**
 * `npm run bench`: the curve's operations on BigInt and in WebAssembly, in Node and in Chromium. Writes bench/results/crypto.json and
 * the table in docs/performance.md; `--rounds n` for other than 15, `--no-write` to print only. No figure makes it fail.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../e2e/support/bundle.ts';
import { root } from '../scripts/setup.mjs';
import { inChromium, inCurrentNode, inThisNode } from './crypto/engines.ts';
import { cryptoTable } from './crypto/table.ts';
import { machine } from './machine.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, 'no-write': { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
try {
  const facts = machine('');
  await bundle('bench/crypto/measure.ts', folder, 'measure');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const engines = [inThisNode(folder, rounds), inCurrentNode(folder, rounds), await inChromium(folder, rounds)].filter((engine) => engine !== undefined);
  const table = cryptoTable(engines);
  process.stdout.write(`${table}\n`);
  if (!values['no-write']) {
    const { cpu, cores, date, commit, load } = facts;
    writeFileSync(join(root, 'bench/results/crypto.json'), `${JSON.stringify({ machine: { cpu, cores, date, commit, load }, rounds, engines }, undefined, 1)}\n`);
    const where = `${cpu}, ${cores} cores; ${date.slice(0, 10)}, commit ${commit}, load before ${load.toFixed(1)}. Medians of ${rounds} rounds, both back ends in turns in one run; read the ratios.`;
    writeBetweenMarkers(join(root, 'docs/performance.md'), 'bench:crypto', `${where}\n\n${table}`, { title: 'Performance of the crypto', heading: 'Measured (`npm run bench`)' });
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
