/**
 * `npm run bench:chains`: HotStuff-2 and Moloch, synced from their local networks. Every client and every network is a process of its own. Prints the
 * targets of the HotStuff-2 document as measured, the strategies side by side, and what an operation takes; writes bench/results/chains.json and
 * docs/bench.md. No figure makes it fail.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { measureHotStuff2 } from './chains/measure-hotstuff2.ts';
import { measureMoloch } from './chains/measure-moloch.ts';
import { measurePrimitives } from './chains/primitives.ts';
import { reportOf } from './chains/report.ts';
import { machine } from './machine.ts';
import { parseOptions } from './parse-options.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

const NUMBERS = {
  runs: { default: 3, min: 1, max: 100 },
  most: { default: 5000, min: 1000, max: 100_000 },
  headers: { default: 100_000, min: 1000, max: 100_000 },
  moloch: { default: 1000, min: 200, max: 10_000 },
} as const;

const HELP = `Syncs clients of HotStuff-2 and Moloch from their local networks, in Node, and prints the targets of the HotStuff-2 document as measured.

  npm run bench:chains -- [options]

  --runs n      runs of each client; medians are shown (${NUMBERS.runs.default})
  --most n      blocks of the longer HotStuff-2 chain, beside one of 1000 (${NUMBERS.most.default})
  --headers n   headers in the run for memory, and blocks of the run after it; a chain of 100000 takes some minutes to make (${NUMBERS.headers.default})
  --moloch n    blocks of the Moloch chain (${NUMBERS.moloch.default})
  --no-write    print only; write neither bench/results/chains.json nor docs/bench.md
  --help        this text
`;

const { runs, most, headers, moloch, write } = parseOptions(process.argv.slice(2), 'bench:chains', HELP, NUMBERS);
const facts = machine('none');
const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-chains-'));
const say = (step: string): void => void process.stderr.write(`${step}\n`);
try {
  const results = {
    machine: facts,
    runs,
    hotstuff2: await measureHotStuff2({ folder, runs, most, headers, say }),
    moloch: await measureMoloch({ folder, runs, blocks: moloch, say }),
    primitives: (say('operations'), await measurePrimitives()),
  };
  const report = reportOf(results);
  process.stdout.write(`${report}\n`);
  if (write) {
    // The samples by block are in the quantiles.
    writeFileSync(join(root, 'bench/results/chains.json'), `${JSON.stringify(results, (key, value: unknown) => (key === 'perBlock' ? undefined : value), 1)}\n`);
    writeBetweenMarkers(join(root, 'docs/bench.md'), 'bench:chains', report, { title: 'Measurements', heading: 'Other chains (`npm run bench:chains`)' });
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
