/** Prepares what every command needs: a recent Node and the packages of the lock file. Has no dependencies. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The program of a package in node_modules, as arguments for `process.execPath`. */
export function packageBin(name, bin = name) {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return join(root, 'node_modules', name, path);
}

/** Ends the process with one clear line if this Node is too old. Installs the packages if they are missing or differ from the lock file. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19) || major === 21) {
    process.stderr.write(`Petrel needs Node 20.19 or newer, or 22 or newer; this is ${process.versions.node}.\n`);
    process.exit(2);
  }
  if (isInstalled()) return;
  process.stdout.write('Installing packages (npm ci) ...\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed; without the packages nothing can be built.\n');
    process.exit(1);
  }
}

/**
 * npm writes the installed packages to node_modules/.package-lock.json. This compares that file with the lock file, except optional
 * packages.
 */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  try {
    const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
    return Object.entries(locked).every(([path, entry]) => path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version);
  } catch {
    return false;
  }
}
