/** Where the crypto is measured: this Node, the current Node from its npm package, and Chromium. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import { Browser } from '../browser.ts';
import type { Measurement } from './measure.ts';

export interface Engine {
  readonly name: string;
  readonly measurement: Measurement;
}

/** Major version of the package `node` that stands for current Nodes. */
const CURRENT_NODE = 24;

/** Bytes of JSON that a measurement may print. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/** `folder` holds the bundled `measure.js`. */
export function inThisNode(folder: string, rounds: number): Engine {
  return inNode(process.execPath, folder, rounds);
}

/** Undefined where npm cannot get it. */
export function inCurrentNode(folder: string, rounds: number): Engine | undefined {
  const place = join(folder, 'node');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{}');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', place, `node@${CURRENT_NODE}`], { cwd: place, stdio: 'ignore' });
    return inNode(join(place, 'node_modules/node/bin/node'), folder, rounds);
  } catch {
    return undefined;
  }
}

function inNode(executable: string, folder: string, rounds: number): Engine {
  const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  // Node 20 has relaxed SIMD behind a flag.
  const flags = Number(version.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];
  const runner = join(folder, 'run.mjs');
  writeFileSync(runner, `import { measureCrypto } from './measure.js';\nprocess.stdout.write(JSON.stringify(measureCrypto({ rounds: ${rounds} })));\n`);
  const output = execFileSync(executable, [...flags, runner], { encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  return { name: `Node ${version}${flags.length > 0 ? ' (flag)' : ''}`, measurement: JSON.parse(output) as Measurement };
}

/** Undefined where there is no Chromium. */
export async function inChromium(folder: string, rounds: number): Promise<Engine | undefined> {
  const executable = ensureChromium();
  if (!executable) return undefined;
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>bench</title>');
  const server = await serve({ directory: folder });
  const browser = await Browser.launch(executable, join(folder, 'profile'));
  try {
    await browser.open(server.url);
    const measurement = await browser.evaluate<Measurement>(`import('/measure.js').then(({ measureCrypto }) => measureCrypto({ rounds: ${rounds} }))`);
    return { name: `Chromium ${(await browser.version()).split('.')[0]}`, measurement };
  } finally {
    await browser.close();
    await server.close();
  }
}
