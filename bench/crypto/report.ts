/**
 * Writes the output of `npm run bench`: the results as JSON, all tables in docs/performance.md, and the figures with a goal in
 * docs/bench.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import type { Machine } from '../machine.ts';
import { writeBetweenMarkers } from '../write-between-markers.ts';
import type { Engine } from './engines.ts';
import { summaryTable } from './summary.ts';
import { cryptoTable, electionTable } from './table.ts';

export interface Results {
  readonly machine: Pick<Machine, 'cpu' | 'cores' | 'date' | 'commit' | 'load'>;
  /** Version of `@nimiq/core`. */
  readonly official: string;
  readonly rounds: number;
  readonly engines: readonly Engine[];
}

export function tablesOf({ engines }: Results): string {
  return `${cryptoTable(engines)}\n\n${electionTable(engines)}`;
}

export function writeReport(results: Results): void {
  const { machine: { cpu, cores, date, commit, load }, official, rounds, engines } = results;
  writeFileSync(join(root, 'bench/results/crypto.json'), `${JSON.stringify(results, undefined, 1)}\n`);
  const where = `${cpu}, ${cores} cores; ${date.slice(0, 10)}, commit ${commit}, load before ${load.toFixed(1)}; @nimiq/core ${official}. Medians of ${rounds} rounds, all in turns in one run`;
  const all = `${where}; in brackets how many times as long it takes as WebAssembly. Election blocks: 60 validators out of 78, drawn anew for each; signatures and voting-key trees, the decoding of the keys included.`;
  writeBetweenMarkers(join(root, 'docs/performance.md'), 'bench:crypto', `${all}\n\n${tablesOf(results)}`, { title: 'Performance of the crypto', heading: 'Measured (`npm run bench`)' });
  writeBetweenMarkers(join(root, 'docs/bench.md'), 'bench:crypto', `${where}.\n\n${summaryTable(engines)}`, { title: 'Figures', heading: 'How fast it is' });
}
