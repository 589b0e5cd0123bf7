import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem, type } from 'node:os';
import { root } from '../scripts/setup.mjs';

/** The place and time of a measurement. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Commit of the working tree; ends in `+` if the tree has changes. */
  readonly commit: string;
  /** The system's load (mean of one minute) before the first opening. A value well above 0 means that other processes were running too. */
  readonly load: number;
}

export function machine(chromium: string): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memory: totalmem(),
    system: `${distribution() ?? platform()}, ${type()} ${release()}`,
    node: process.versions.node,
    chromium,
    date: new Date().toISOString(),
    commit: commit(),
    load: loadavg()[0] ?? 0,
  };
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/mu.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', ['--no-optional-locks', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=10', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
