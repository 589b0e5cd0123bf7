import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { securityHeaders } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/serve.mjs';

const root = resolve(import.meta.dirname, '../..');
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');

/** A separate server that can be stopped, and whose build can be replaced by another. */
export class Deploy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'petrel-deploy-'));
  #server: Awaited<ReturnType<typeof serve>> | undefined;

  /** Serves the build in `dist`, with the headers of `headers.mjs` or with others. */
  async start(headers: Record<string, string> = securityHeaders): Promise<string> {
    this.put(join(root, 'dist'));
    this.#server = await serve({ directory: join(this.#folder, 'current'), headers });
    return this.#server.url;
  }

  /** Builds the same sources as a later build with its own id. `env`: the builder's choices. Takes some seconds. */
  buildLater(env: Readonly<Record<string, string>> = {}): string {
    const outDir = join(this.#folder, 'later');
    const { status, stderr } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', outDir, '--emptyOutDir'], {
      cwd: root,
      env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) + 1000), ...env },
    });
    if (status !== 0) throw new Error(String(stderr));
    return outDir;
  }

  /** From now on the server serves only this build, and no file of the previous one. */
  put(build: string): void {
    const next = join(this.#folder, 'next');
    symlinkSync(build, next, 'dir');
    renameSync(next, join(this.#folder, 'current'));
  }

  async stopServer(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async end(): Promise<void> {
    await this.stopServer();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
