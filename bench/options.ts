import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/setup.mjs';

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

/** Ends the process with the help, or with exit code 2 and one line where an option is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const { values } = parseArgs({ args: [...args], options: { runs: text, epochs: text, settle: text, dist: text, 'no-write': flag, help: flag } });
    if (values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    const number = (name: keyof typeof NUMBERS): number => {
      const { default: fallback, min, max } = NUMBERS[name];
      const value = values[name] === undefined ? fallback : Number(values[name]);
      if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} takes a whole number from ${min} to ${max}`);
      return value;
    };
    return { runs: number('runs'), epochs: number('epochs'), settle: number('settle'), dist: values.dist ?? join(root, 'dist'), write: !values['no-write'] };
  } catch (error) {
    process.stderr.write(`bench:start: ${(error as Error).message}\n`);
    process.exit(2);
  }
}
