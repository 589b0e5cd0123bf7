import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../scripts/serve.mjs';

const dist = resolve(import.meta.dirname, '../../dist');
const idPattern = /\b[0-9a-z]{7}-[0-9a-f]{12}\b/gu;

/** Serves two builds on one origin, with all files of both: the one in `dist`, and the same with a later id under `later/`. */
export async function serveTwoBuilds(): Promise<{ readonly url: (build: 0 | 1) => string; readonly hubFile: (build: 0 | 1) => string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'petrel-builds-'));
  const later = join(folder, 'later');
  cpSync(dist, folder, { recursive: true });
  cpSync(dist, later, { recursive: true });
  const texts = [join(later, 'index.html'), ...readdirSync(join(later, 'assets')).filter((name) => name.endsWith('.js')).map((name) => join(later, 'assets', name))];
  let changed = 0;
  for (const file of texts) {
    const text = readFileSync(file, 'utf8');
    const anew = text.replaceAll(idPattern, (id) => ((changed += 1), `z${id.slice(1)}`)).replaceAll('/assets/', '/later/assets/');
    writeFileSync(file, anew);
  }
  if (changed < 2) throw new Error('the build’s id is not where it was');
  const hub = readdirSync(join(later, 'assets')).find((name) => /^hub-.*\.js$/u.test(name))!;
  const server = await serve({ directory: folder });
  return {
    url: (build) => (build === 0 ? server.url : `${server.url}later/`),
    hubFile: (build) => `${build === 0 ? '/' : '/later/'}assets/${hub}`,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
