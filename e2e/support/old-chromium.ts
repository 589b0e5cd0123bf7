import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/**
 * A real Chromium of that version, from the npm package that contains it for Linux on x64, stored in the system's temporary
 * directory. The first run downloads some 60 MB. Undefined if npm cannot install it.
 */
export function oldChromium(version: string): string | undefined {
  const home = join(tmpdir(), `petrel-chromium-${version}`);
  const path = join(home, 'chromium');
  if (existsSync(path)) return path;
  const folder = mkdtempSync(join(tmpdir(), 'petrel-fetch-'));
  try {
    if (!works('npm', ['pack', '--silent', `@sparticuz/chromium@${version}`], folder)) return undefined;
    if (!works('tar', ['xzf', `sparticuz-chromium-${version}.tgz`, 'package/bin/chromium.br'], folder)) return undefined;
    const made = join(folder, 'chromium');
    writeFileSync(made, brotliDecompressSync(readFileSync(join(folder, 'package/bin/chromium.br'))));
    chmodSync(made, 0o755);
    mkdirSync(home, { recursive: true });
    renameSync(made, path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function works(command: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(command, args, { cwd, encoding: 'utf8' }).status === 0;
}
