import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { build as bundle } from 'esbuild';
import { securityHeaders } from './scripts/headers.mjs';
import { filesOfOtherChains } from './scripts/other-chains.ts';
import { sourceTime } from './scripts/source-time.ts';
import { thirdPartyLicences } from './scripts/third-party-licences.ts';
import { networkNames } from './src/client/networks.ts';

const root = import.meta.dirname;

/** The network of an address that names none, by `PETREL_NETWORK`: a built-in one, or the path of a JSON file beside the page. */
function defaultNetwork(): string {
  const chosen = process.env['PETREL_NETWORK'] ?? 'unit-albatross';
  if (!chosen.startsWith('/') && !(networkNames as readonly string[]).includes(chosen)) throw new Error(`PETREL_NETWORK is '${chosen}'; it takes a path that begins with '/', or one of ${networkNames.join(', ')}.`);
  return chosen;
}

/** The app, the wallet, the page where a payment is confirmed, and the frame of the widget. */
const pages = ['index', 'wallet', 'confirm', 'embed'];

/** What the workers are made of. */
const sources = ['src', 'workers', 'package-lock.json', 'vite.config.ts'];

/**
 * The build's id: the time of its sources and a hash over them, so that the same commit gives the same id and two deploys that differ never share a
 * SharedWorker. Ids compare as texts, the newer build's is the greater (`src/bridge/life/build-id.ts`).
 */
function buildId(): string {
  const hash = createHash('sha256').update(`${defaultNetwork()}\0`);
  const files = sources.flatMap((name) => (statSync(join(root, name)).isDirectory() ? filesIn(join(root, name)) : [join(root, name)]));
  for (const file of files) hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0');
  return `${sourceTime(root, sources, files).toString(36).padStart(7, '0')}-${hash.digest('hex').slice(0, 12)}`;
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

/** Where the build goes; known once the configuration is. */
let outDir = join(root, 'dist');
const noteOutDir: Plugin = {
  name: 'note-out-dir',
  configResolved: ({ build }) => {
    outDir = resolve(root, build.outDir);
  },
};

/** The chunk that draws a page, and what it imports, are asked for with the page, not when the entry has run. The entry's own imports are there already. */
const preloadDrawing: Plugin = {
  name: 'preload-drawing',
  transformIndexHtml: (html, { bundle = {}, path }) => {
    const room = drawn[path];
    const draw = room === undefined ? undefined : Object.values(bundle).find((file) => file.type === 'chunk' && file.facadeModuleId === join(root, `src/${room}/draw.tsx`));
    if (draw?.type !== 'chunk') return [];
    const files = new Set([draw.fileName]);
    // What is added while this runs is visited, too.
    for (const name of files) for (const next of importsIn(bundle[name])) files.add(next);
    const missing = [...files].filter((name) => !html.includes(`/${name}"`));
    return missing.map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` }, injectTo: 'head' as const }));
  },
};
const drawn: Readonly<Record<string, string>> = { '/index.html': 'app', '/wallet.html': 'wallet' };
const importsIn = (file: { readonly type: string; readonly imports?: readonly string[] } | undefined) => file?.imports ?? [];

/** The element in one plain script under a name that stays: any site loads it with one tag. */
const widgetScript: Plugin = {
  name: 'widget-script',
  apply: 'build',
  async generateBundle() {
    const { outputFiles } = await bundle({ entryPoints: [join(root, 'src/package/widget.ts')], bundle: true, write: false, minify: true, format: 'iife', target: 'es2022', charset: 'ascii', legalComments: 'none' });
    this.emitFile({ type: 'asset', fileName: 'widget.js', source: outputFiles[0]!.contents });
  },
};

/** Files of the build, of the pages and of the workers, that the service worker stores once another chain than Albatross was used. */
const laterFiles = new Set<string>();
const noteOtherChains: Plugin = {
  name: 'note-other-chains',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file] : []));
    const files = chunks.map(({ fileName, isEntry, facadeModuleId, imports, dynamicImports }) => [fileName, { isEntry, module: facadeModuleId ?? undefined, imports, dynamicImports }] as const);
    for (const name of filesOfOtherChains(new Map(files))) laterFiles.add(name);
  },
};

/** Of a file of the build: the service worker takes no other bytes. */
function integrityOf(url: string): string {
  return `sha256-${createHash('sha256').update(readFileSync(join(outDir, url))).digest('base64')}`;
}

/** Precaches the build, and nothing else: what a network says is in the database, verified, or asked for anew. */
const pwa = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'workers',
  filename: 'sw.ts',
  // The page asks before it changes (`src/app/app-update.ts`), and registers by itself: nothing inline.
  registerType: 'prompt',
  injectRegister: false,
  includeManifestIcons: false,
  manifest: {
    id: '/',
    name: 'Petrel, a light client',
    short_name: 'Petrel',
    description: 'The chain, verified in this browser.',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    lang: 'en',
    categories: ['finance', 'utilities'],
    background_color: '#e8edef',
    theme_color: '#00586b',
    file_handlers: [{ action: '/#/proof', accept: { 'application/x-petrel': ['.petrel'] } }],
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  injectManifest: {
    globPatterns: ['**/*.{js,css,html,svg,png}'],
    // For other sites.
    globIgnores: ['widget.js'],
    injectionPoint: 'self.filesOfBuild',
    manifestTransforms: [(entries) => ({ manifest: entries.flatMap(({ url, size }) => ({ url, size, revision: null, integrity: integrityOf(url), ...(laterFiles.has(url) && { later: true }) })), warnings: [] })],
    sourcemap: false,
  },
  integration: {
    // The plugin asks for one file by an option that this version of Vite warns of; and a build that says nothing of the app says nothing of this script.
    configureCustomSWViteBuild(config) {
      config.logLevel = 'warn';
      const one = config.build?.rollupOptions?.output;
      if (one === undefined || Array.isArray(one)) return;
      delete one.inlineDynamicImports;
      one.codeSplitting = false;
    },
  },
});

/** A script with one character beyond Latin-1 is kept by the engine with two bytes for every one of them, in each thread that runs it. */
const output = { charset: 'ascii' } as const;

/**
 * BLS12-381, which other chains load on demand, gets copies of the files that it shares with Ed25519: sharing them would put what only it uses into the
 * chunks of every verifier and page.
 */
const ownCurveFiles: Plugin = {
  name: 'own-curve-files',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    const mark = '?bls12-381';
    const isOwn = importer?.endsWith(mark) || (importer?.endsWith('/src/crypto/bls12-381.ts') && source.startsWith('@noble/'));
    if (!isOwn) return null;
    const resolved = await this.resolve(source, importer!.replace(mark, ''), { ...options, skipSelf: true });
    return resolved && { ...resolved, id: `${resolved.id}${mark}` };
  },
};

/** The page links it (`src/app/parts/Footer.tsx`). */
const licences = thirdPartyLicences(root, 'licences.txt');

export default defineConfig(({ command }) => ({
  root,
  plugins: [noteOutDir, ownCurveFiles, noteOtherChains, preloadDrawing, react(), licences.page, widgetScript, pwa],
  define: { __BUILD_ID__: JSON.stringify(command === 'build' ? buildId() : 'dev'), __DEFAULT_NETWORK__: JSON.stringify(defaultNetwork()) },
  worker: { format: 'es', plugins: () => [ownCurveFiles, noteOtherChains, licences.worker], rolldownOptions: { checks: { pluginTimings: false }, output } },
  // The workers' packages too are found at the start of the development server; otherwise it reloads the page when a worker asks for them.
  optimizeDeps: { entries: ['*.html', 'workers/*.ts'] },
  build: {
    // What has SharedWorker modules, Web Locks, WebCrypto Ed25519 and BigInt has all of this.
    target: 'es2022',
    sourcemap: true,
    // Nothing inline: the policy is `script-src 'self'; style-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: pages.map((name) => join(root, `${name}.html`)), checks: { pluginTimings: false }, output },
  },
  preview: { headers: securityHeaders },
}));
