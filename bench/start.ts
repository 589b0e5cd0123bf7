/**
 * `npm run bench:start`: opening a page to consensus, Petrel's app and its client in a bare page beside @nimiq/core, cold and warm, in one Chromium on one local network.
 * Writes bench/results/start.json and the table in docs/bench.md. No figure makes it fail.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DevnetProcess } from '../e2e/support/devnet.ts';
import { ensureChromium } from '../scripts/chromium.mjs';
import { securityHeaders } from '../scripts/headers.mjs';
import { serve } from '../scripts/serve.mjs';
import { root } from '../scripts/setup.mjs';
import { barePetrel, blank, floor, nimiqCore, petrel, type Contestant } from './contestants.ts';
import { compressedFiles } from './compressed-files.ts';
import { CpuLimit } from './cpu-limit.ts';
import { figuresOf, type Opening, type Start } from './figures.ts';
import { machine as machineFacts, type Machine } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { buildBarePage, ensureBuild } from './petrel-build.ts';
import { RequestLog } from './request-log.ts';
import { ShapedLine } from './shaped-line.ts';
import { startTable, type StartReport } from './start-report.ts';
import { visit } from './visit.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

/** Blocks after the last election block: a head in the middle of a batch, as most are. */
const BLOCKS_AFTER_EPOCH = 40;

/** What has to be ended, newest last. */
const open: (() => unknown)[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().finally(() => process.exit(130)));

async function end(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close();
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const executable = ensureChromium();
  if (!executable) throw new Error('no Chromium');
  const staleBuild = ensureBuild(options.dist);
  if (staleBuild) say('The build is older than the sources; delete the folder to have it built anew.');

  const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
  open.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const bare = join(folder, 'bare');
  buildBarePage(bare);
  const contestants = [await petrel(options.dist), await barePetrel(bare), await nimiqCore(join(folder, 'nimiq-core')), ...(options.floor ? [await floor(join(folder, 'floor'))] : []), await blank(join(folder, 'blank'))];
  const devnet = await DevnetProcess.start('--seed', 'bench', '--peers', '4', '--epochs', String(options.epochs));
  open.push(() => devnet.stop());
  await devnet.produce(BLOCKS_AFTER_EPOCH);

  const { percent, trip, kilobits } = options;
  const limit = percent > 0 ? new CpuLimit(percent) : undefined;
  if (limit) open.push(() => limit.close());
  const line = trip > 0 ? new ShapedLine({ roundTrip: trip, kilobits }) : undefined;
  if (line) open.push(() => line.close());
  const seeds = line ? await seedsOver(line, devnet.seeds) : devnet.seeds;
  const encoded = new Map<Contestant, ReadonlyMap<string, Buffer>>();
  for (const contestant of line ? contestants : []) encoded.set(contestant, await compressedFiles(contestant.directory));

  const openings = new Map<Contestant, Opening[]>(contestants.map((contestant) => [contestant, []]));
  let machine: Machine | undefined;
  for (let round = 1; round <= options.runs; round += 1) {
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
      const profile = join(folder, `profile-${round}`);
      for (const start of contestant.joins ? (['cold', 'warm'] as const) : (['cold'] as const)) {
        // A browser keeps what it compiled when it sees a script for the second time, so a page that is used is one that was opened twice before.
        if (start === 'warm') await openOnce(contestant, start, profile);
        const { chromium, ...opening } = await openOnce(contestant, start, profile);
        machine ??= machineFacts(chromium);
        openings.get(contestant)!.push(opening);
        say(`${round}/${options.runs}  ${contestant.name}, ${start}: ${opening.consensus === undefined ? 'done' : `${Math.round(opening.consensus)} ms`}`);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async function openOnce(contestant: Contestant, start: Start, profile: string): Promise<Opening & { readonly chromium: string }> {
    const server = await serve({ directory: contestant.directory, port: ports.get(contestant) ?? 0, encoded: encoded.get(contestant) });
    // The same origin for the warm opening: what is stored is stored by origin.
    ports.set(contestant, server.port);
    const port = line ? (shaped.get(contestant) ?? (await line.to(server.port))) : server.port;
    shaped.set(contestant, port);
    const requests = new RequestLog(server.port);
    let paths: readonly string[] = [];
    let browser: { kill(): void } | undefined;
    const abort = () => browser?.kill();
    open.push(abort);
    try {
      const seen = await visit({
        executable: executable!,
        profile,
        url: `http://localhost:${port}/${contestant.path(seeds)}`,
        script: contestant.script,
        expectedHead: contestant.joins ? devnet.head.hash : undefined,
        settle: options.settle,
        onSpawn: limit && ((pid) => limit.add(pid)),
        onLaunch: (launched) => {
          browser = launched;
        },
        onConsensus: () => (paths = requests.take()),
      });
      return { start, paths, ...seen };
    } finally {
      open.splice(open.indexOf(abort), 1);
      requests.close();
      await server.close();
    }
  }

  const of = (contestant: Contestant, start: Start): Opening[] => openings.get(contestant)!.filter((opening) => opening.start === start);
  const blanks = of(contestants.find(({ joins }) => !joins)!, 'cold');
  const clients: StartReport['clients'][number][] = [];
  for (const contestant of contestants.filter(({ joins }) => joins)) {
    const starts = { cold: await figuresOf(contestant, of(contestant, 'cold'), blanks), warm: await figuresOf(contestant, of(contestant, 'warm'), blanks) };
    clients.push({ name: contestant.name, starts });
  }
  const network = { peers: devnet.started.peers.length, epochs: options.epochs, height: devnet.head.height };
  const report: StartReport = { machine: machine!, floor: options.floor, runs: options.runs, network, settle: options.settle, limits: limitsText(options), headers: securityHeaders, staleBuild, clients };
  const table = startTable(report);
  say(`\n${table}\n`);
  if (!options.write) return;
  const name = ['start', percent > 0 ? `${percent}percent` : '', trip > 0 ? `${trip}ms-${kilobits}kbit` : '', options.settle === 5000 ? '' : `${options.settle}ms`].filter(Boolean).join('-');
  const file = join(root, 'bench', 'results', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const all = contestants.map((contestant) => ({ name: contestant.name, openings: openings.get(contestant)! }));
  writeFileSync(file, `${JSON.stringify({ ...report, all }, undefined, 1)}\n`);
  if (name === 'start') writeBetweenMarkers(join(root, 'docs', 'bench.md'), 'bench:start', table, { title: 'Figures', heading: 'Opening the page to consensus (`npm run bench:start`)' });
}

const ports = new Map<Contestant, number>();
/** The ports by which they are reached. */
const shaped = new Map<Contestant, number>();

function limitsText({ percent, trip, kilobits }: BenchOptions): string {
  return `${percent > 0 ? ` The browser held to ${percent} % of one core.` : ''}${trip > 0 ? ` A line with a round trip of ${trip} ms and ${kilobits} kbit/s to page (brotli) and peers.` : ''}`;
}

/** The same peers by other ports. */
async function seedsOver(line: ShapedLine, seeds: string): Promise<string> {
  const over = seeds.split(',').map(async (seed) => {
    const port = /\/tcp\/(\d+)/u.exec(seed)![1]!;
    return seed.replace(`/tcp/${port}`, `/tcp/${await line.to(Number(port))}`);
  });
  return (await Promise.all(over)).join(',');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`bench:start: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await end();
}
