/** Bundles the page's entries and the workers of the package with esbuild. */

import { readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { placeholder } from './build-id.ts';

/** Where the built-in networks are; each is a file of the package. */
const NETWORKS = 'src/chains/albatross/chain/networks';

/**
 * Such an import only keeps the order of what modules do when they are loaded. The page's files do nothing then, the manifest says so, and
 * esbuild would warn its user. The line stays, for the source map.
 */
const bareImport = /^import "\.\/chunk-[A-Z0-9]+\.js";$/gmu;

export interface Bundled {
  /** Code and source maps, by their path below `dist`. */
  readonly files: ReadonlyMap<string, string>;
  /** The full paths of all modules that the code comes from. */
  readonly modules: readonly string[];
}

/** The names of the built-in networks. */
export function packagedNetworks(root: string): readonly string[] {
  return readdirSync(join(root, NETWORKS)).flatMap((name) => (/^[a-z]+-albatross\.ts$/u.test(name) ? [name.slice(0, -3)] : [])).toSorted();
}

export async function bundle(root: string): Promise<Bundled> {
  // Nothing is written there. The place stands in the source maps, so it does not depend on where the package is built.
  const outdir = join(root, 'dist-package/package/dist');
  const common = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // A script with one character beyond Latin-1 is kept by the engine with two bytes for every one of them, in each thread that runs it.
    charset: 'ascii',
    sourcemap: true,
    legalComments: 'none',
    logLevel: 'error',
    define: { __BUILD_ID__: JSON.stringify(placeholder) },
  } as const satisfies BuildOptions;
  const path = (name: string) => join(root, name);
  const results = await Promise.all([
    // Not minified: the user's bundler does that, and a person can read it.
    build({ ...common, entryPoints: [path('src/package/index.ts')], plugins: [pageModules(root)] }),
    build({ ...common, entryPoints: [path('src/package/react.ts')], plugins: [pageModules(root)], external: ['react'] }),
    // Together: the classes of both entries are the same, and what makes blocks readable is a chunk that only those load who ask for one.
    build({ ...common, entryPoints: keysEntries(root), plugins: [pageModules(root)], splitting: true }),
    build({ ...common, entryPoints: [path('src/package/verify.ts')], plugins: [pageModules(root)] }),
    build({ ...common, entryPoints: [path('src/package/verify-chains.ts')] }),
    build({ ...common, entryPoints: ['widget', 'provider'].map((name) => path(`src/package/${name}.ts`)) }),
    build({ ...common, entryPoints: [path('bin/petrel.ts')], platform: 'node', plugins: [verifierBeside] }),
    build({ ...common, entryPoints: packagedNetworks(root).map((name) => path(`${NETWORKS}/${name}.ts`)), outdir: join(outdir, 'networks'), splitting: true }),
    // Minified, because nothing has to be done with them. With chunks: WebRTC, and the code that chooses WebAssembly, are loaded only if they are used.
    build({ ...common, entryPoints: ['hub', 'verifier', 'pump'].map((name) => path(`workers/${name}.ts`)), outdir: join(outdir, 'workers'), splitting: true, minify: true }),
  ]);
  checkAdapter(results[1].metafile);
  checkKeys(results[2].metafile);
  checkVerifier(results[3].metafile, 'albatross/(?:proof-file|proofs|transactions|chain|wire)');
  checkVerifier(results[4].metafile, '(?:hotstuff2|moloch|stacks)/(?:proofs|chain|wire)');
  checkWidget(results[5].metafile);
  const files = new Map(results.flatMap(({ outputFiles }) => outputFiles.map((file): [string, string] => [relative(outdir, file.path).replaceAll('\\', '/'), file.text])));
  for (const [path, text] of files) if (/^[^/]*\.js$/u.test(path)) files.set(path, text.replaceAll(bareImport, ''));
  const modules = results.flatMap(({ metafile }) => Object.keys(metafile.inputs).map((name) => resolve(root, name)));
  return { files, modules };
}

/** Classes that many pages do not use. As files of their own they are left out by the user's bundler, word list and password functions with them. */
const KEYS_PARTS = ['bls-key-pair', 'bls-public-key', 'bls-secret-key', 'commitment-pair', 'crypto-utils', 'extended-private-key', 'hash', 'merkle-path', 'mnemonic-utils', 'partial-signature', 'secret', 'serial-buffer'];

/** The entries of keys and of the official client's API, by their names in `dist`. */
function keysEntries(root: string): Record<string, string> {
  const parts = KEYS_PARTS.map((name): [string, string] => [`keys-${name}`, join(root, `src/keys/${name}.ts`)]);
  return { keys: join(root, 'src/package/keys.ts'), nimiq: join(root, 'src/package/nimiq.ts'), ...Object.fromEntries(parts) };
}

/** Where the page's modules of a package lie elsewhere than in the app. */
function pageModules(root: string): Plugin {
  return {
    name: 'page-modules',
    setup({ onResolve }) {
      onResolve({ filter: /\/default-workers\.ts$/ }, () => ({ path: join(root, 'src/package/default-workers.ts') }));
      onResolve({ filter: /\/networks\/[a-z]+-albatross\.ts$/ }, ({ path }) => ({ path: `./networks/${basename(path, '.ts')}.js`, external: true }));
      // One copy of the client, whichever entries a page uses.
      onResolve({ filter: /\/client\/create-client\.ts$/ }, ({ importer }) => (['react', 'nimiq'].some((room) => importer.includes(join('src', room))) ? { path: './index.js', external: true } : undefined));
    },
  };
}

/** The command uses the package's own entries. */
const verifierBeside: Plugin = {
  name: 'verifier-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/package\/verify(?:-chains)?\.ts$/ }, ({ path }) => ({ path: `./${basename(path, '.ts')}.js`, external: true }));
  },
};

/** @throws if the React adapter has code of the client in it. */
function checkAdapter({ inputs }: Metafile): void {
  const foreign = Object.keys(inputs).filter((name) => !/^src\/(?:react|package)\//u.test(name));
  if (foreign.length > 0) throw new Error(`The React adapter has a copy of ${foreign.join(', ')}.`);
}

/** @throws if the keys load anything of the client, the network, WebAssembly or the curve of the validators. */
function checkKeys({ outputs }: Metafile): void {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') load(path);
  };
  const entry = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'src/package/keys.ts');
  if (!entry) throw new Error('There is no entry of the keys.');
  load(entry[0]);
  const allowed = /^(?:src\/(?:keys|base|package)\/|src\/chains\/albatross\/(?:transactions\/|wire\/|chain\/policy\.ts)|src\/crypto\/(?!.*(?:bls|wasm|mnt|groth|pairing))|node_modules\/@(?:noble|scure)\/)/u;
  const foreign = [...loaded].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {})).filter((name) => !allowed.test(name));
  if (foreign.length > 0) throw new Error(`The keys load ${foreign.join(', ')}.`);
}

/** @throws if an offline verifier has anything of a client, the network or WebAssembly in it. `rooms`: those of chains that it may have, a pattern. */
function checkVerifier({ inputs }: Metafile, rooms: string): void {
  const allowed = new RegExp(`^(?:src/(?:verify|package|base|engine)/|src/crypto/(?!wasm/)|src/chains/${rooms}/|node_modules/@noble/)`, 'u');
  const foreign = Object.keys(inputs).filter((name) => !allowed.test(name));
  if (foreign.length > 0) throw new Error(`The offline verifier has ${foreign.join(', ')} in it.`);
}

/** @throws if what a host page loads depends on anything. */
function checkWidget({ inputs }: Metafile): void {
  const foreign = Object.keys(inputs).filter((name) => !/^src\/(?:widget|package)\//u.test(name));
  if (foreign.length > 0) throw new Error(`The widget's element has ${foreign.join(', ')} in it.`);
}
