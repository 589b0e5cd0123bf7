import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { parseOptions } from './parse-options.ts';

export interface BenchOptions {
  /** Openings of each client per start (cold, warm). */
  readonly runs: number;
  /** Finished epochs of the local network before the start. */
  readonly epochs: number;
  /** Milliseconds between consensus and the reading of memory. */
  readonly settle: number;
  /** Petrel's build. */
  readonly dist: string;
  /** False: nothing is written, the table is printed only. */
  readonly write: boolean;
}

const NUMBERS = { runs: { default: 5, min: 1, max: 1000 }, epochs: { default: 4, min: 0, max: 5000 }, settle: { default: 5000, min: 0, max: 600_000 } } as const;

const HELP = `Opens Petrel and @nimiq/core in Chromium on one local network, cold and warm, and measures the way to consensus.

  npm run bench:start -- [options]

  --runs n       openings of each client, cold and warm each (${NUMBERS.runs.default})
  --epochs n     finished epochs of the local network's chain (${NUMBERS.epochs.default})
  --settle ms    time between consensus and the reading of memory (${NUMBERS.settle.default})
  --dist dir     Petrel's build (dist; built if it is missing)
  --no-write     print the table, write neither bench/results/start.json nor docs/bench.md
  --help         this text
`;

export function readOptions(args: readonly string[]): BenchOptions {
  const { dist = join(root, 'dist'), ...options } = parseOptions(args, 'bench:start', HELP, NUMBERS);
  return { ...options, dist };
}
