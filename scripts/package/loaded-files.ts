/** Which files of the package a page loads in the end. */

import { posix } from 'node:path';

/** Static and dynamic imports of files beside, and re-exports of them, as esbuild writes them. */
const IMPORTS = /(?:from\s*|import\s*\(?\s*)["'](\.[^"']+)["']/gu;

/**
 * The entries and all that they import, now or later. A file that `skip` names, and what only it imports, is left out.
 * @param files code by its path below `dist`.
 */
export function loadedFiles(files: ReadonlyMap<string, string>, entries: readonly string[], skip: (path: string, text: string) => boolean = () => false): ReadonlySet<string> {
  const loaded = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = files.get(path);
    if (text === undefined || loaded.has(path) || skip(path, text)) continue;
    loaded.add(path);
    for (const [, to] of text.matchAll(IMPORTS)) open.push(posix.join(posix.dirname(path), to!));
  }
  return loaded;
}
