/** The sizes of the package as a page loads it, against their limits. */

import { brotliCompressSync, constants } from 'node:zlib';
import { transform } from 'esbuild';

/** Bytes in a kB. */
const KB = 1000;

/**
 * Limits in kB with brotli 11, minified: today's figures and some room, so that growth is noticed and decided. `what` gives the files of each row:
 * all that a page loads that uses it.
 */
const limits: readonly { readonly name: string; readonly limit: number; readonly what: (path: string) => boolean }[] = [
  { name: 'page part (entry petrel)', limit: 20, what: (path) => path === 'index.js' },
  { name: 'React adapter', limit: 3, what: (path) => path === 'react.js' },
  { name: 'offline verifier', limit: 60, what: (path) => path === 'verify.js' },
  { name: 'main network', limit: 16, what: (path) => isNetwork(path, 'main') },
  { name: 'whole client, main network', limit: 400, what: (path) => path === 'index.js' || isNetwork(path, 'main') || path.startsWith('workers/') },
];

const isNetwork = (path: string, name: string) => path === `networks/${name}-albatross.js` || path.startsWith('networks/chunk');

export interface Size {
  readonly name: string;
  /** kB, as the limit. */
  readonly size: number;
  readonly limit: number;
}

/** @param files code by its path below `dist`. */
export async function sizesOf(files: ReadonlyMap<string, string>): Promise<readonly Size[]> {
  const packed = new Map<string, number>();
  for (const [path, text] of files) {
    if (!path.endsWith('.js')) continue;
    const { code } = await transform(text, { minify: true, format: 'esm', target: 'es2022', legalComments: 'none' });
    packed.set(path, brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length);
  }
  return limits.map(({ name, limit, what }) => {
    const sizes = [...packed].flatMap(([path, size]) => (what(path) ? [size] : []));
    if (sizes.length === 0) throw new Error(`There are no files for '${name}'.`);
    return { name, limit, size: Math.round(sizes.reduce((sum, size) => sum + size, 0) / (KB / 10)) / 10 };
  });
}
