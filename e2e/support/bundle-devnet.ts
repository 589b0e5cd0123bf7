import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Playwright's global setup: bundles the local network into one file for `DevnetProcess`. Loading the TypeScript sources takes about
 * a second of processor time per process, and almost every test starts one. Resolves with the clean-up.
 */
async function bundleDevnet(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'petrel-devnet-'));
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [resolve(import.meta.dirname, '../../devnet/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    sourcemap: 'inline',
    // Packages that are CommonJS call `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  // The workers inherit it.
  process.env['PETREL_DEVNET'] = outfile;
  return () => rmSync(folder, { recursive: true, force: true });
}

export default bundleDevnet;
