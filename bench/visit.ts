import { setTimeout as wait } from 'node:timers/promises';
import { awaitConsensus } from './await-consensus.ts';
import { Browser, type BrowserProcess } from './browser.ts';
import { pageScript } from './page-script.ts';
import { memoryOf, type Memory } from './process-memory.ts';
import { scriptHeaps, type ScriptHeaps } from './script-heaps.ts';
import { withTimeout } from './with-timeout.ts';

/** Milliseconds between Chromium's start and the opening, so that the browser's own start is over, as it is for a user. */
const QUIET = 2000;

/** Milliseconds for the reading of the heaps. A worker that ends meanwhile does not answer. */
const READING = 60_000;

export interface VisitOptions {
  readonly executable: string;
  readonly profile: string;
  readonly url: string;
  /** Runs in the page before the page's own scripts. */
  readonly script: string;
  /** Hash of the network's newest block; undefined: the page has no client to wait for. */
  readonly expectedHead: string | undefined;
  /** Milliseconds from consensus to the memory reading. */
  readonly settle: number;
  readonly onSpawn?: ((pid: number) => void) | undefined;
  readonly onLaunch: (browser: Browser) => void;
  readonly onConsensus: () => void;
}

/** One opening of a page, observed until some time after consensus. Times are milliseconds since the navigation began. */
export interface Visit {
  readonly consensus: number | undefined;
  readonly marks: Readonly<Record<string, number>>;
  /** Tasks of the page's main thread that took longer than 50 ms: begin and duration. */
  readonly longTasks: readonly (readonly [begin: number, duration: number])[];
  /** Violations of the page's security policy. */
  readonly refused: readonly string[];
  readonly memory: Memory | undefined;
  /** Seconds of processor time of all browser processes since the navigation: until consensus, and until the memory reading. */
  readonly cpuToConsensus: number;
  readonly cpuTime: number;
  /** Undefined: they could not be read in time. */
  readonly heaps: ScriptHeaps | undefined;
}

/** Opens a page in a separate Chromium with a new or used profile, and closes the browser regularly. */
export async function visit(options: VisitOptions): Promise<Visit & { readonly chromium: string }> {
  const browser = await Browser.launch(options.executable, options.profile, options.onSpawn);
  options.onLaunch(browser);
  try {
    const chromium = await browser.version();
    await browser.tab.inject(await pageScript(options));
    await wait(QUIET);
    const before = cpuOf(await browser.processes());
    await browser.tab.open(options.url);
    const consensus = options.expectedHead === undefined ? undefined : await awaitConsensus(browser.tab, options.url);
    options.onConsensus();
    const cpuToConsensus = cpuOf(await browser.processes()) - before;
    await wait(options.settle);
    const processes = await browser.processes();
    const memory = await memoryOf(processes);
    const seen = await browser.tab.evaluate<Pick<Visit, 'marks' | 'longTasks' | 'refused'>>(
      '(async () => { await bench.afterwards(); return { marks: bench.marks, longTasks: bench.longTasks, refused: bench.refused }; })()',
    );
    const heaps = await withTimeout(scriptHeaps(browser), READING, 'the heaps were not read').catch((error: unknown) => {
      process.stderr.write(`${options.url}: ${String(error)}; the run goes on without them\n`);
      return undefined;
    });
    return { chromium, consensus, ...seen, memory, cpuToConsensus, cpuTime: cpuOf(processes) - before, heaps };
  } finally {
    await browser.close();
  }
}

function cpuOf(processes: readonly BrowserProcess[]): number {
  return processes.reduce((total, { cpuTime }) => total + cpuTime, 0);
}
