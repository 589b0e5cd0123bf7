/** Bundles the page's entries and the workers of the package with esbuild. */

import { readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { placeholder } from './build-id.ts';

/** Where the built-in networks are; each is a file of the package. */
const NETWORKS = 'src/chains/albatross/chain/networks';

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
    build({ ...common, entryPoints: [path('src/package/verify.ts')], plugins: [pageModules(root)] }),
    build({ ...common, entryPoints: [path('bin/petrel.ts')], platform: 'node', plugins: [verifierBeside] }),
    build({ ...common, entryPoints: packagedNetworks(root).map((name) => path(`${NETWORKS}/${name}.ts`)), outdir: join(outdir, 'networks'), splitting: true }),
    // Minified, because nothing has to be done with them. With chunks: WebRTC, and the code that chooses WebAssembly, are loaded only if they are used.
    build({ ...common, entryPoints: ['hub', 'verifier', 'pump'].map((name) => path(`workers/${name}.ts`)), outdir: join(outdir, 'workers'), splitting: true, minify: true }),
  ]);
  checkAdapter(results[1].metafile);
  const files = new Map(results.flatMap(({ outputFiles }) => outputFiles.map((file): [string, string] => [relative(outdir, file.path).replaceAll('\\', '/'), file.text])));
  const modules = results.flatMap(({ metafile }) => Object.keys(metafile.inputs).map((name) => resolve(root, name)));
  return { files, modules };
}

/** Where the page's modules of a package lie elsewhere than in the app. */
function pageModules(root: string): Plugin {
  return {
    name: 'page-modules',
    setup({ onResolve }) {
      onResolve({ filter: /\/default-workers\.ts$/ }, () => ({ path: join(root, 'src/package/default-workers.ts') }));
      onResolve({ filter: /\/networks\/[a-z]+-albatross\.ts$/ }, ({ path }) => ({ path: `./networks/${basename(path, '.ts')}.js`, external: true }));
      // One copy of the client, whichever entries a page uses.
      onResolve({ filter: /\/client\/create-client\.ts$/ }, ({ importer }) => (importer.includes(`${join('src', 'react')}`) ? { path: './index.js', external: true } : undefined));
    },
  };
}

/** The command uses the package's own entry. */
const verifierBeside: Plugin = {
  name: 'verifier-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/package\/verify\.ts$/ }, () => ({ path: './verify.js', external: true }));
  },
};

/** @throws if the React adapter has code of the client in it. */
function checkAdapter({ inputs }: Metafile): void {
  const foreign = Object.keys(inputs).filter((name) => !/^src\/(?:react|package)\//u.test(name));
  if (foreign.length > 0) throw new Error(`The React adapter has a copy of ${foreign.join(', ')}.`);
}
