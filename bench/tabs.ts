/**
 * `npm run bench:tabs`: measures the memory of several tabs of Petrel and of @nimiq/core, minus that of as many blank pages, in one
 * Chromium on one local network, and how fast Petrel's hub notices a lost tab. Writes bench/results/tabs.json and the table in
 * docs/bench.md. No figure makes it fail.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DevnetProcess } from '../e2e/support/devnet.ts';
import { ensureChromium } from '../scripts/chromium.mjs';
import { serve } from '../scripts/serve.mjs';
import { root } from '../scripts/setup.mjs';
import { blank, nimiqCore, petrel, type Contestant } from './contestants.ts';
import { machine as machineFacts, type Machine } from './machine.ts';
import { parseOptions } from './parse-options.ts';
import { ensureBuild } from './petrel-build.ts';
import { spreadOf } from './spread.ts';
import type { LostTab } from './tabs/lose-tabs.ts';
import { tabsFigures } from './tabs/tabs-figures.ts';
import { tabsTable, type TabsReport } from './tabs/tabs-report.ts';
import { visitWithTabs, type TabsVisit } from './tabs/tabs-visit.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

/** Blocks after the last election block. The head is then in the middle of a batch, as usual. */
const BLOCKS_AFTER_EPOCH = 40;

/** Numbers of open tabs to measure. */
const TABS = [1, 5, 10];

const NUMBERS = { runs: { default: 5, min: 1, max: 1000 }, epochs: { default: 4, min: 0, max: 5000 }, settle: { default: 5000, min: 0, max: 600_000 } } as const;

const HELP = `Opens ${TABS.join(', ')} tabs of Petrel, of @nimiq/core and of a blank page in Chromium on one local network, and measures their memory.

  npm run bench:tabs -- [options]

  --runs n       Chromiums with each number of tabs of each (${NUMBERS.runs.default})
  --epochs n     finished epochs of the local network's chain (${NUMBERS.epochs.default})
  --settle ms    time between the last tab's consensus and the reading of memory (${NUMBERS.settle.default})
  --dist dir     Petrel's build (dist; built if it is missing)
  --no-write     print the table, write neither bench/results/tabs.json nor docs/bench.md
  --help         this text
`;

/** Functions that end the started processes and servers, newest last. */
const open: (() => unknown)[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().finally(() => process.exit(130)));

async function end(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close();
}

async function run(): Promise<void> {
  const { dist = join(root, 'dist'), ...options } = parseOptions(process.argv.slice(2), 'bench:tabs', HELP, NUMBERS);
  const executable = ensureChromium();
  if (!executable) throw new Error('no Chromium');
  const staleBuild = ensureBuild(dist);
  if (staleBuild) say('The build is older than the sources; delete the folder to have it built anew.');

  const folder = mkdtempSync(join(tmpdir(), 'petrel-bench-'));
  open.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [ours, theirs, nothing] = [await petrel(dist), await nimiqCore(join(folder, 'nimiq-core')), await blank(join(folder, 'blank'))];
  const contestants = [ours, theirs, nothing];
  const devnet = await DevnetProcess.start('--seed', 'bench', '--peers', '4', '--epochs', String(options.epochs));
  open.push(() => devnet.stop());
  await devnet.produce(BLOCKS_AFTER_EPOCH);

  const visits: (TabsVisit & { readonly contestant: Contestant; readonly tabs: number })[] = [];
  let machine: Machine | undefined;
  for (let round = 1; round <= options.runs; round += 1) {
    for (const tabs of TABS) {
      for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
        const { chromium, ...visit } = await visitOnce(contestant, tabs);
        machine ??= machineFacts(chromium);
        visits.push({ contestant, tabs, ...visit });
        say(`${round}/${options.runs}  ${contestant.name}, ${tabs} tabs: ${visit.memory ? `${(visit.memory.total / 1e6).toFixed(0)} MB` : 'done'}`);
      }
    }
  }

  async function visitOnce(contestant: Contestant, tabs: number): Promise<TabsVisit & { readonly chromium: string }> {
    const server = await serve({ directory: contestant.directory });
    const profile = join(folder, 'profile');
    let browser: { kill(): void } | undefined;
    const abort = () => browser?.kill();
    open.push(abort);
    try {
      return await visitWithTabs({
        executable: executable!,
        profile,
        url: server.url + contestant.path(devnet.seeds),
        tabs,
        script: contestant.script,
        expectedHead: contestant.joins ? devnet.head.hash : undefined,
        settle: options.settle,
        lose: contestant === ours && tabs === TABS.at(-1),
        connections: () => devnet.since(0, 'connection-open').length - devnet.since(0, 'connection-close').length,
        onLaunch: (launched) => {
          browser = launched;
        },
      });
    } finally {
      open.splice(open.indexOf(abort), 1);
      await server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      await devnet.untilAlone();
    }
  }

  const of = (contestant: Contestant, tabs: number): TabsVisit[] => visits.filter((visit) => visit.contestant === contestant && visit.tabs === tabs);
  const figures = (contestant: Contestant) => TABS.map((tabs) => tabsFigures(tabs, of(contestant, tabs), of(nothing, tabs)));
  const client = (contestant: Contestant) => ({ name: contestant.name, figures: figures(contestant) });
  const noticed = (how: LostTab['how']) => {
    const times = visits.flatMap(({ lost }) => lost.filter((tab) => tab.how === how).map((tab) => tab.noticed));
    return times.length > 0 ? spreadOf(times) : undefined;
  };
  const report: TabsReport = {
    machine: machine!,
    runs: options.runs,
    network: { peers: devnet.started.peers.length, epochs: options.epochs, height: devnet.head.height },
    settle: options.settle,
    staleBuild,
    clients: [client(ours), client(theirs)],
    blank: figures(nothing),
    lost: { closed: noticed('closed'), crashed: noticed('crashed') },
  };
  const table = tabsTable(report);
  say(`\n${table}\n`);
  if (!options.write) return;
  const file = join(root, 'bench', 'results', 'tabs.json');
  mkdirSync(dirname(file), { recursive: true });
  const all = visits.map(({ contestant, ...visit }) => ({ name: contestant.name, ...visit }));
  writeFileSync(file, `${JSON.stringify({ ...report, all }, undefined, 1)}\n`);
  writeBetweenMarkers(join(root, 'docs', 'bench.md'), 'bench:tabs', table, { title: 'Figures', heading: 'Several tabs (`npm run bench:tabs`)' });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`bench:tabs: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await end();
}
