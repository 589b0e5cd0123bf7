import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageBin, root } from '../scripts/setup.mjs';

/** Builds the bare page with Petrel's client into the folder. Throws when building fails. */
export function buildBarePage(dist: string): void {
  process.stdout.write('Building the bare page ...\n');
  build('--config', join(root, 'bench', 'bare-page', 'vite.config.ts'), '--outDir', dist, '--emptyOutDir');
}

/** Builds the bare page of a wallet into the folder. Throws when building fails. */
export function buildWalletPage(dist: string): void {
  process.stdout.write('Building the wallet page ...\n');
  build('--config', join(root, 'bench', 'wallet-page', 'vite.config.ts'), '--outDir', dist, '--emptyOutDir');
}

function build(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [packageBin('vite'), 'build', '--logLevel', 'warn', ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}

/**
 * Builds Petrel into the folder if it has no build yet. Returns whether a source file is newer than the build. Throws when the
 * build fails.
 */
export function ensureBuild(dist: string): boolean {
  const page = join(dist, 'index.html');
  if (!existsSync(page)) {
    process.stdout.write('Building the app ...\n');
    build('--outDir', dist);
  }
  const built = statSync(page).mtimeMs;
  const sources = ['src', 'workers', 'public'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)));
  return sources.some((path) => !/\.test\.tsx?$/u.test(path) && statSync(path).isFile() && statSync(path).mtimeMs > built);
}
