/** What a page loads that imports some names of an entry. */

import { posix } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { brotli } from './brotli.ts';

/**
 * Bytes with brotli 11 of these names of an entry, and of what they need of the package, as a bundler makes them: minified, without what is
 * not used, with what is loaded later. The networks are left out.
 * @param files code by its path below `dist`. @param names empty: all.
 */
export async function importedSize(files: ReadonlyMap<string, string>, entry: string, names: readonly string[]): Promise<number> {
  const contents = `export ${names.length > 0 ? `{ ${names.join(', ')} }` : '*'} from './${entry}';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '/' },
    outdir: '/out',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [packaged(files)],
  });
  return outputFiles.reduce((sum, { contents: code }) => sum + brotli(code), 0);
}

/** The files of the package, of which the manifest says that they do nothing by themselves. */
function packaged(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'packaged',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/networks\// }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^\./ }, ({ path, importer }) => ({ path: posix.join(posix.dirname(importer), path).replace(/^\//u, ''), namespace: 'dist', sideEffects: false }));
      onLoad({ filter: /.*/, namespace: 'dist' }, ({ path }) => ({ contents: files.get(path) ?? '', loader: 'js' }));
    },
  };
}
