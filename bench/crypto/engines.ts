/** The engines that run the crypto measurements: this Node, the current Node from its npm package, and Chromium. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from '../../scripts/chromium.mjs';
import { serve } from '../../scripts/serve.mjs';
import { Browser } from '../browser.ts';
import type { Measurement } from './measure.ts';
import type { Proving } from './prove-elections.ts';

/** A run that verifies election blocks. */
export interface ElectionRun {
  readonly workers: number;
  readonly backEnd: 'wasm' | 'bigint';
  readonly blocks: number;
  /** Blocks per job. */
  readonly size: number;
}

export interface EngineOptions {
  readonly rounds: number;
  readonly runs: readonly ElectionRun[];
}

export interface ElectionResult extends ElectionRun, Proving {
  readonly blocks: number;
  /** Milliseconds of processor time of all threads of the process. */
  readonly processor: number;
}

export interface Engine {
  readonly name: string;
  readonly measurement: Measurement;
  readonly elections: readonly ElectionResult[];
}

/** Major version of the npm package `node` that stands for current Node versions. */
const CURRENT_NODE = 24;

/** Maximum bytes of JSON that a measurement may print. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/** `folder`: the folder that `prepareFolder` made. */
export function inThisNode(folder: string, options: EngineOptions): Engine {
  return inNode(process.execPath, folder, options);
}

/** Undefined where npm cannot install it. */
export function inCurrentNode(folder: string, options: EngineOptions): Engine | undefined {
  const place = join(folder, 'node');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{}');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', place, `node@${CURRENT_NODE}`], { cwd: place, stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return inNode(join(place, 'node_modules/node/bin/node'), folder, options);
}

function inNode(executable: string, folder: string, options: EngineOptions): Engine {
  const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  // Node 20 has relaxed SIMD behind a flag.
  const flags = Number(version.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];
  const output = execFileSync(executable, [...flags, join(folder, 'node.mjs'), folder, JSON.stringify(options)], { encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  return { name: `Node ${version}${flags.length > 0 ? ' (flag)' : ''}`, ...(JSON.parse(output) as Omit<Engine, 'name'>) };
}

/** Undefined where there is no Chromium. */
export async function inChromium(folder: string, options: EngineOptions): Promise<Engine | undefined> {
  const executable = ensureChromium();
  if (!executable) return undefined;
  const server = await serve({ directory: folder });
  const browser = await Browser.launch(executable, join(folder, 'profile'));
  try {
    await browser.tab.open(server.url);
    const measurement = await browser.tab.evaluate<Measurement>(`import('/page.js').then(({ measure }) => measure(${options.rounds}))`);
    const elections: ElectionResult[] = [];
    for (const run of options.runs) {
      const before = await rendererTime(browser);
      const proving = await browser.tab.evaluate<Proving>(`import('/page.js').then(({ prove }) => prove(${JSON.stringify(run)}))`);
      elections.push({ ...run, ...proving, processor: (await rendererTime(browser)) - before });
    }
    return { name: `Chromium ${(await browser.version()).split('.')[0]}`, measurement, elections };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Milliseconds of processor time so far. */
async function rendererTime(browser: Browser): Promise<number> {
  return (await browser.processes()).reduce((sum, { type, cpuTime }) => sum + (type === 'renderer' ? 1000 * cpuTime : 0), 0);
}
