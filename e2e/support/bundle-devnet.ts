import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const devnet = resolve(import.meta.dirname, '../../devnet');

/**
 * Playwright's global setup: bundles the local networks into one file each, for `DevnetProcess` and `ChainNet`. Loading the TypeScript sources takes
 * about a second of processor time per process, and almost every test starts one. Resolves with the clean-up.
 */
async function bundleDevnet(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'petrel-devnet-'));
  await build({
    entryPoints: { main: join(devnet, 'main.ts'), hotstuff2: join(devnet, 'hotstuff2/main.ts'), moloch: join(devnet, 'moloch/main.ts'), stacks: join(devnet, 'stacks/main.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    sourcemap: 'inline',
    // Packages that are CommonJS call `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  // The workers inherit them.
  process.env['PETREL_DEVNET'] = join(folder, 'main.mjs');
  process.env['PETREL_CHAIN_NETS'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

export default bundleDevnet;
