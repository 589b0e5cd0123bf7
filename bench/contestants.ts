import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page scripts are plain JavaScript, sent without changes. */
const pages = {
  petrel: fileURLToPath(new URL('./pages/petrel.js', import.meta.url)),
  nimiqCore: fileURLToPath(new URL('./pages/nimiq-core.js', import.meta.url)),
  nimiqCoreHtml: fileURLToPath(new URL('./pages/nimiq-core.html', import.meta.url)),
  blankHtml: fileURLToPath(new URL('./pages/blank.html', import.meta.url)),
  floorHtml: fileURLToPath(new URL('./pages/floor.html', import.meta.url)),
  floor: fileURLToPath(new URL('./pages/floor.js', import.meta.url)),
  floorSockets: fileURLToPath(new URL('./pages/floor-sockets.js', import.meta.url)),
  floorIdle: fileURLToPath(new URL('./pages/floor-idle.js', import.meta.url)),
};

/** A client to measure: a folder to serve, and the URL path of its page. */
export interface Contestant {
  readonly name: string;
  readonly directory: string;
  /** The URL path, with the local network's peers as seeds. */
  readonly path: (seeds: string) => string;
  /** Source that runs in the page after `pages/observe.js` and before the page's own scripts. */
  readonly script: string;
  /** False: the page has no client, so consensus is not awaited. */
  readonly joins: boolean;
}

export async function petrel(dist: string): Promise<Contestant> {
  return {
    name: 'Petrel',
    directory: dist,
    // This chain makes no blocks during the measurement, so the client must not call it stale.
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
 * Copies a folder of modules and renames `.mjs` to `.js`, in the imports too. The server knows only `.js` as JavaScript, and
 * browsers do not run a module of unknown type.
 */
async function copyModules(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name.replace(/\.mjs$/u, '.js'))];
    if (entry.isDirectory()) await copyModules(source, target);
    // comlink.min.js is already the name of the classic script for the worker.
    else if (entry.name === 'comlink.min.mjs') await cp(source, join(to, 'comlink.module.js'));
    else if (/\.m?js$/u.test(entry.name)) await writeFile(target, (await readFile(source, 'utf8')).replace(/\/comlink\.min\.mjs(?=')/gu, '/comlink.module.js').replace(/\.mjs(?=['"];)/gu, '.js'));
    else await cp(source, target);
  }
}

/**
 * The official client: its web build as published in the package, and a page that uses it as its README says. All files but the
 * page are under /assets/, where a bundler would put them, so the browser may cache them for ever, like Petrel's files.
 */
export async function nimiqCore(directory: string): Promise<Contestant> {
  const manifest = createRequire(import.meta.url).resolve('@nimiq/core/vite').replace(/vite\.js$/u, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const assets = join(directory, 'assets');
  await mkdir(assets, { recursive: true });
  // The modules contain the paths to each other, so the folders keep their places.
  for (const part of ['web', 'lib/web', 'launcher/browser']) await copyModules(join(dirname(manifest), part), join(assets, 'nimiq-core', part));
  await cp(pages.nimiqCoreHtml, join(directory, 'index.html'));
  await writeFile(join(assets, 'page.js'), (await readFile(pages.nimiqCore, 'utf8')).replace("'@nimiq/core/web'", "'./nimiq-core/web/index.js'"));
  return { name: `@nimiq/core ${version}`, directory, path: (seeds) => `?${new URLSearchParams({ seeds })}`, script: '', joins: true };
}

/**
 * The floor of the machine: a page with a SharedWorker that opens a socket to each peer, and an empty worker. It is no client; what it costs
 * is the browser's own part of the others' costs.
 */
export async function floor(directory: string): Promise<Contestant> {
  const assets = join(directory, 'assets');
  await mkdir(assets, { recursive: true });
  await cp(pages.floorHtml, join(directory, 'index.html'));
  for (const [name, source] of [['page.js', pages.floor], ['sockets.js', pages.floorSockets], ['idle.js', pages.floorIdle]] as const) await cp(source, join(assets, name));
  return { name: 'the floor', directory, path: (seeds) => `?${new URLSearchParams({ seeds })}`, script: '', joins: true };
}

/** An empty page, which shows what a browser needs by itself. */
export async function blank(directory: string): Promise<Contestant> {
  await mkdir(directory, { recursive: true });
  await cp(pages.blankHtml, join(directory, 'index.html'));
  return { name: 'blank page', directory, path: () => '', script: '', joins: false };
}
