import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageBin, root } from '../scripts/setup.mjs';

/**
 * Builds Petrel into the folder if it has no build yet. Returns whether a source file is newer than the build. Throws when the
 * build fails.
 */
export function ensureBuild(dist: string): boolean {
  const page = join(dist, 'index.html');
  if (!existsSync(page)) {
    process.stdout.write('Building the app ...\n');
    const { status } = spawnSync(process.execPath, [packageBin('vite'), 'build', '--logLevel', 'warn', '--outDir', dist], { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error('the build failed');
  }
  const built = statSync(page).mtimeMs;
  const sources = ['src', 'workers', 'public'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)));
  return sources.some((path) => !/\.test\.tsx?$/u.test(path) && statSync(path).isFile() && statSync(path).mtimeMs > built);
}
