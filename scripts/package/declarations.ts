/** The type declarations of the package: those that can be reached from its entries. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { packageBin } from '../setup.mjs';

/** The module names in a declaration file. */
const names = /(?<=\b(?:from|import|module) ?\(?)(['"])(\.[^'"]+)\.ts\1/gu;

/** The official client's objects have this symbol. A user's project need not know it. */
const disposable = '/// <reference lib="esnext.disposable" />\n';

/**
 * Declarations by their path below `src`, with the endings that every resolution of modules knows: `.js` in place of `.ts`.
 * @param entries paths below `src`, without an ending.
 * @throws if the compiler fails, or a declaration needs another package.
 */
export function declarations(root: string, entries: readonly string[]): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'petrel-types-'));
  try {
    const compiled = spawnSync(process.execPath, [packageBin('typescript', 'tsc'), '-p', join(root, 'src/package/tsconfig.json'), '--outDir', folder], { encoding: 'utf8' });
    if (compiled.status !== 0) throw new Error(`The types cannot be compiled:\n${compiled.stdout}${compiled.stderr}`);
    const found = new Map<string, string>();
    const add = (name: string): void => {
      const path = `${name}.d.ts`;
      if (found.has(path)) return;
      const text = readFileSync(join(folder, 'src', path), 'utf8');
      const foreign = /\b(?:from|import\()\s*['"](?!\.)([^'"]+)['"]/u.exec(text);
      if (foreign) throw new Error(`${path} needs the package ${foreign[1]}.`);
      found.set(path, `${text.includes('Symbol.dispose') ? disposable : ''}${text.replace(names, '$1$2.js$1')}`);
      for (const [, , target = ''] of text.matchAll(names)) add(posix.join(posix.dirname(name), target));
    };
    for (const entry of entries) add(entry);
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
