import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runs in the pages is plain JavaScript, sent as it is. */
const pages = {
  petrel: fileURLToPath(new URL('./pages/petrel.js', import.meta.url)),
  nimiqCore: fileURLToPath(new URL('./pages/nimiq-core.js', import.meta.url)),
  nimiqCoreHtml: fileURLToPath(new URL('./pages/nimiq-core.html', import.meta.url)),
  blankHtml: fileURLToPath(new URL('./pages/blank.html', import.meta.url)),
};

/** What is opened: a folder to serve, and how its page is asked. */
export interface Contestant {
  readonly name: string;
  readonly directory: string;
  /** With the local network's peers. */
  readonly path: (seeds: string) => string;
  /** Source that runs in the page after `pages/observe.js` and before the page's own scripts. */
  readonly script: string;
  /** False: there is nothing to wait for but the page. */
  readonly joins: boolean;
}

export async function petrel(dist: string): Promise<Contestant> {
  return {
    name: 'Petrel',
    directory: dist,
    // A chain that makes no blocks while it is measured is not stale for that.
    path: (seeds) => `?${new URLSearchParams({ network: 'unit-albatross', seeds, staleBlocks: '100000' })}`,
    script: await readFile(pages.petrel, 'utf8'),
    joins: true,
  };
}

/** The client alone: Petrel as a library, in a page as bare as the official client's. What it costs less than the app is the cost of the app. */
export async function barePetrel(dist: string): Promise<Contestant> {
  return { ...(await petrel(dist)), name: 'Petrel, bare page' };
}

/**
 * Copies a folder of modules. Names in `.mjs` become `.js`, in the imports too: the server knows JavaScript by that name only, and what has
 * no known type is not run.
 */
async function copyModules(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name.replace(/\.mjs$/u, '.js'))];
    if (entry.isDirectory()) await copyModules(source, target);
    // comlink.min.js is there already, as the classic script for the worker.
    else if (entry.name === 'comlink.min.mjs') await cp(source, join(to, 'comlink.module.js'));
    else if (/\.m?js$/u.test(entry.name)) await writeFile(target, (await readFile(source, 'utf8')).replace(/\/comlink\.min\.mjs(?=')/gu, '/comlink.module.js').replace(/\.mjs(?=['"];)/gu, '.js'));
    else await cp(source, target);
  }
}

/**
 * The official client: its web build as it is in the package, and a page that uses it as its README says. Everything but the page is
 * under /assets/, as a bundler would put it: so it may be kept by the browser for ever, like Petrel's files.
 */
export async function nimiqCore(directory: string): Promise<Contestant> {
  const manifest = createRequire(import.meta.url).resolve('@nimiq/core/vite').replace(/vite\.js$/u, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const assets = join(directory, 'assets');
  await mkdir(assets, { recursive: true });
  // The paths between them are written into the modules.
  for (const part of ['web', 'lib/web', 'launcher/browser']) await copyModules(join(dirname(manifest), part), join(assets, 'nimiq-core', part));
  await cp(pages.nimiqCoreHtml, join(directory, 'index.html'));
  await writeFile(join(assets, 'page.js'), (await readFile(pages.nimiqCore, 'utf8')).replace("'@nimiq/core/web'", "'./nimiq-core/web/index.js'"));
  return { name: `@nimiq/core ${version}`, directory, path: (seeds) => `?${new URLSearchParams({ seeds })}`, script: '', joins: true };
}

/** A page without anything: what a browser needs by itself. */
export async function blank(directory: string): Promise<Contestant> {
  await mkdir(directory, { recursive: true });
  await cp(pages.blankHtml, join(directory, 'index.html'));
  return { name: 'blank page', directory, path: () => '', script: '', joins: false };
}
