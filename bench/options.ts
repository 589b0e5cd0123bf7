import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { parseOptions } from './parse-options.ts';

export interface BenchOptions {
  /** Number of openings of each client, cold and warm each. */
  readonly runs: number;
  /** Finished epochs of the local network before the start. */
  readonly epochs: number;
  /** Milliseconds between consensus and the memory reading. */
  readonly settle: number;
  /** Percent of one core that the browser may use; 0: no limit. */
  readonly percent: number;
  /** Milliseconds of a round trip to the servers; 0: no delay is added. */
  readonly trip: number;
  /** Bandwidth in kilobits per second, in each direction, when a round trip is set. */
  readonly kilobits: number;
  /** Whether the floor of the machine is measured too. */
  readonly floor: boolean;
  /** Folder of Petrel's build. */
  readonly dist: string;
  /** False: the table is only printed, and no file is written. */
  readonly write: boolean;
}

const NUMBERS = { runs: { default: 5, min: 1, max: 1000 }, epochs: { default: 4, min: 0, max: 5000 }, settle: { default: 5000, min: 0, max: 600_000 }, percent: { default: 0, min: 0, max: 6400 }, trip: { default: 0, min: 0, max: 5000 }, kilobits: { default: 20_000, min: 100, max: 1_000_000 } } as const;

const HELP = `Opens Petrel, its client in a bare page, and @nimiq/core in Chromium on one local network, cold and warm, and measures the way to consensus.

  npm run bench:start -- [options]

  --runs n       openings of each client, cold and warm each (${NUMBERS.runs.default})
  --epochs n     finished epochs of the local network's chain (${NUMBERS.epochs.default})
  --settle ms    time between consensus and the reading of memory (${NUMBERS.settle.default})
  --percent n    hold the browser to so much of one core, by a control group (Linux, root)
  --trip ms      reach page and peers over a line with such a round trip, files with brotli ...
  --kilobits n   ... and so many 1000 bits a second (${NUMBERS.kilobits.default})
  --floor        measure also a page that only starts workers and opens sockets
  --dist dir     Petrel's build (dist; built if it is missing)
  --no-write     print the table, write neither bench/results/start*.json nor docs/bench.md (that only without limits)
  --help         this text
`;

export function readOptions(args: readonly string[]): BenchOptions {
  const { dist = join(root, 'dist'), ...options } = parseOptions(args, 'bench:start', HELP, NUMBERS, ['floor']);
  return { ...options, dist };
}
