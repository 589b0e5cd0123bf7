import { resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles a module of the project with its imports into one script, `name`.js in the folder, for pages and processes that cannot
 * load TypeScript.
 */
export async function bundle(entry: string, folder: string, name: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { outDir: folder, emptyOutDir: false, target: 'es2022', minify: false, lib: { entry: resolve(root, entry), formats: ['es'], fileName: () => `${name}.js` } },
  });
}
