import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

/**
 * Unix seconds: what the caller says (reproducible-builds.org), else the last commit of the sources, else their newest file.
 * @param sources paths below `root`, as git takes them. @param files all files in them, with full paths.
 */
export function sourceTime(root: string, sources: readonly string[], files: readonly string[]): number {
  const said = Number(process.env['SOURCE_DATE_EPOCH']);
  if (Number.isInteger(said) && said > 0) return said;
  try {
    const committed = Number(execFileSync('git', ['log', '-1', '--format=%ct', '--', ...sources], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    if (committed > 0) return committed;
  } catch {
    // No git, or no repository.
  }
  return Math.floor(Math.max(...files.map((file) => statSync(file).mtimeMs)) / 1000);
}
