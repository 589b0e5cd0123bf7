import { setTimeout as wait } from 'node:timers/promises';
import { awaitConsensus } from '../await-consensus.ts';
import { Browser } from '../browser.ts';
import type { BrowserTab } from '../browser-tab.ts';
import { pageScript } from '../page-script.ts';
import { memoryOf, type Memory } from '../process-memory.ts';
import { loseTabs, type LostTab } from './lose-tabs.ts';

/** Milliseconds between Chromium's start and the first opening. */
const QUIET = 2000;

export interface TabsVisitOptions {
  readonly executable: string;
  readonly profile: string;
  readonly url: string;
  readonly tabs: number;
  /** Runs in each page before the page's own scripts. */
  readonly script: string;
  /** Hash of the network's newest block; undefined: the page has no client to wait for. */
  readonly expectedHead: string | undefined;
  /** Milliseconds from the last tab's consensus to the memory reading. */
  readonly settle: number;
  /** True: the tabs are then lost one after the other, and the hub's log tells when it noticed. */
  readonly lose: boolean;
  /** Number of connections that the network's peers have. */
  readonly connections: () => number;
  readonly onLaunch: (browser: Browser) => void;
}

/** Result of one Chromium with a number of tabs of one page, all at consensus. */
export interface TabsVisit {
  readonly memory: Memory | undefined;
  readonly connections: number;
  readonly lost: readonly LostTab[];
}

/** Opens the tabs one after the other, as a user does, in a separate Chromium. */
export async function visitWithTabs(options: TabsVisitOptions): Promise<TabsVisit & { readonly chromium: string }> {
  const browser = await Browser.launch(options.executable, options.profile);
  options.onLaunch(browser);
  try {
    const chromium = await browser.version();
    const script = await pageScript(options);
    await wait(QUIET);
    const tabs: BrowserTab[] = [];
    while (tabs.length < options.tabs) {
      const tab = tabs.length === 0 ? browser.tab : await browser.newTab();
      await tab.inject(script);
      await tab.open(options.url);
      if (options.expectedHead !== undefined) await awaitConsensus(tab, options.url);
      tabs.push(tab);
    }
    await wait(options.settle);
    const memory = await memoryOf(await browser.processes());
    const connections = options.connections();
    return { chromium, memory, connections, lost: options.lose ? await loseTabs(tabs) : [] };
  } finally {
    await browser.close();
  }
}
