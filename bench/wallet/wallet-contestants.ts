import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { nimiqCore } from '../contestants.ts';

/** A wallet to measure: a folder to serve. */
export interface WalletContestant {
  readonly name: string;
  readonly directory: string;
}

/** `directory`: built by `buildWalletPage`. */
export function petrelWallet(directory: string): WalletContestant {
  return { name: 'petrel/nimiq', directory };
}

const PAGE = `import init, * as Nimiq from './nimiq-core/web/index.js';
import { run } from './run.js';
await init();
await run(Nimiq.ClientConfiguration, (config) => Nimiq.Client.create(config));
`;

/** The official client's web build, with the same wallet. */
export async function nimiqCoreWallet(directory: string): Promise<WalletContestant> {
  const { name } = await nimiqCore(directory);
  const source = await readFile(fileURLToPath(new URL('../wallet-page/run.ts', import.meta.url)), 'utf8');
  await writeFile(join(directory, 'assets', 'run.js'), (await transform(source, { loader: 'ts' })).code);
  await writeFile(join(directory, 'assets', 'page.js'), PAGE);
  return { name, directory };
}
