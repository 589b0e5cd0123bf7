import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../../scripts/serve.mjs';

/** The build in `dist` with a line of code added before one of its files, on a separate server. */
export class BrokenBuild {
  readonly #folder = mkdtempSync(join(tmpdir(), 'petrel-broken-'));
  #server: Awaited<ReturnType<typeof serve>> | undefined;

  constructor(file: string, code: string) {
    cpSync(resolve(import.meta.dirname, '../../dist'), this.#folder, { recursive: true });
    const path = join(this.#folder, file);
    writeFileSync(path, `${code}\n${readFileSync(path, 'utf8')}`);
  }

  async start(): Promise<string> {
    this.#server = await serve({ directory: this.#folder });
    return this.#server.url;
  }

  async end(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
