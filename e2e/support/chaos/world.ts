import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { OwnerJournalRow } from '../../../src/storage/owner-journal.ts';
import { appUrl } from '../fixtures.ts';
import type { DevnetProcess } from '../devnet.ts';
import { endHub, freeze, hangHub } from '../threads.ts';
import type { serveTwoBuilds } from '../two-builds.ts';
import { OwnerJudge } from './owner-judge.ts';
import { call, hasSeat, journal, stateOf, type TabState } from './page-side.ts';
import { told, type Action, type HostName } from './plan.ts';

/**
 * Milliseconds until all tabs must be in their expected state. A hang takes 15 s to be noticed, and 30 s in a hub that has not
 * started; the machine may be loaded.
 */
const PATIENCE = 120_000;

/** Milliseconds between two checks of a condition. */
const LOOK = 250;

interface Tab {
  readonly build: 0 | 1;
  readonly page: Page;
  thaw: (() => Promise<void>) | undefined;
}

export interface WorldOptions {
  readonly host: HostName;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly devnet: DevnetProcess;
  readonly builds: Awaited<ReturnType<typeof serveTwoBuilds>>;
  readonly say: (line: string) => void;
}

/** The tabs, hubs and peers that the actions change, and their judge. */
export class ChaosWorld {
  readonly #options: WorldOptions;
  readonly #tabs = new Map<number, Tab>();
  readonly owners = new OwnerJudge();
  #wake: (() => Promise<void>) | undefined;
  #hungTarget: string | undefined;
  /** Number of hung hubs that have not been woken. */
  #hungHubs = 0;
  judgements = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  async act(action: Action): Promise<void> {
    const { devnet, context, builds, host } = this.#options;
    const tab = 'tab' in action ? this.#tabs.get(action.tab) : undefined;
    // Start some calls, so that the action interrupts them.
    if (['close', 'reload', 'freeze', 'kill', 'hang', 'stop'].includes(action.do)) await Promise.all(this.#awake().map(({ page }) => call(page)));
    switch (action.do) {
      case 'open': {
        const page = await context.newPage();
        const url = appUrl({ url: builds.url(action.build), files: {} }, devnet, undefined, { host, ownerJournal: 'true' });
        await page.goto(url, { waitUntil: 'commit' });
        this.#tabs.set(action.tab, { build: action.build, page, thaw: undefined });
        return;
      }
      case 'close':
        this.#tabs.delete(action.tab);
        return tab!.page.close();
      case 'reload':
        return void (await tab!.page.reload({ waitUntil: 'commit' }));
      case 'freeze':
        tab!.thaw = await freeze(tab!.page);
        return;
      case 'thaw':
        await tab!.thaw!();
        tab!.thaw = undefined;
        return;
      case 'call':
        return call(tab!.page);
      case 'kill':
      case 'hang':
        return this.#harm(action.do, tab!);
      case 'wake':
        await this.#wake?.();
        this.#wake = undefined;
        this.#hungHubs = 0;
        return;
      case 'stop':
      case 'start':
        return void (await devnet.command({ do: action.do, peer: action.peer }));
      case 'produce':
        return void (await devnet.produce(action.n));
      case 'judge':
        return this.judge();
    }
  }

  /** Waits until every tab is in its expected state, and then checks that no invariant was violated. */
  async judge(): Promise<void> {
    this.judgements += 1;
    const { devnet } = this.#options;
    await devnet.produce(1);
    const wrong = await this.#until(async () => {
      const states = await Promise.all(this.#awake().map(async (tab) => ({ tab, state: await stateOf(tab.page) })));
      return [...states.flatMap(({ tab, state }) => this.#missing(tab, state)), ...this.#strangers()];
    });
    const row = this.#awake().length > 0 ? await journal(this.#awake()[0]!.page) : undefined;
    if (row !== undefined) wrong.push(...this.owners.judge(JSON.parse(row) as OwnerJournalRow));
    if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n${await this.#report()}`);
  }

  /**
   * At the end, when all is quiet: opens one more tab, closes it, and measures how long another tab of its hub takes to hear of it.
   * Milliseconds; undefined where each tab has its own hub.
   */
  async closingIsNoticed(): Promise<number | undefined> {
    const build = this.#acting() as 0 | 1;
    const stays = this.#awake().find((tab) => tab.build === build);
    if (!stays || this.#options.host === 'single') return undefined;
    const goes = Math.max(0, ...this.#tabs.keys()) + 1;
    await this.act({ do: 'open', tab: goes, build });
    await this.judge();
    const { page } = this.#tabs.get(goes)!;
    const { tabs } = (await stateOf(stays.page))!.host;
    const noticed = stays.page.evaluate(
      (before) =>
        new Promise<number>((resolve) => {
          const stop = petrel!.on('status', ({ host }) => {
            if (host.tabs >= before) return;
            stop();
            resolve(Date.now());
          });
        }),
      tabs,
    );
    this.#tabs.delete(goes);
    await page.close();
    const closedAt = Date.now();
    return Math.max(0, (await noticed) - closedAt);
  }

  #awake(): Tab[] {
    return Array.from(this.#tabs.values()).filter(({ thaw }) => !thaw);
  }

  /** The build whose hub should own the chain. A shared hub runs on when its tabs are frozen; other hubs do not. */
  #acting(): number {
    const tabs = this.#options.host === 'shared' ? Array.from(this.#tabs.values()) : this.#awake();
    return Math.max(0, ...tabs.map(({ build }) => build));
  }

  async #harm(how: 'kill' | 'hang', tab: Tab): Promise<void> {
    const { host, browser, builds, say } = this.#options;
    const of = this.#awake().filter(({ build }) => build === tab.build);
    const seats = host === 'elected' ? await Promise.all(of.map(({ page }) => hasSeat(page))) : [];
    const page = host === 'elected' ? of[seats.indexOf(true)]?.page : host === 'single' ? tab.page : undefined;
    // A hang can be noticed only in a hub that serves. Before that, it holds no lock that shows its life, and a new tab waits for
    // its script without limit.
    if (how === 'hang' && (await stateOf(tab.page)) === undefined) return say('  no hub at the moment');
    if (host === 'elected' && !page) return say('  nobody is elected at the moment');
    const where = page ? { page } : { browser, file: builds.hubFile(tab.build), not: this.#hungTarget };
    if (how === 'kill') return void ((await endHub(where)) || say('  no hub at the moment'));
    const hung = await hangHub(where);
    if (!hung) return say('  no hub at the moment');
    this.#wake = hung.wake;
    this.#hungTarget = hung.targetId;
    this.#hungHubs = 1;
  }

  /** What is wrong with a tab, as texts; empty when it is in its expected state. */
  #missing({ build, page }: Tab, state: TabState | undefined): string[] {
    const { devnet, host } = this.#options;
    const name = `tab ${this.#idOf(page)} (build ${build})`;
    if (!state) return [`${name} does not answer`];
    const kind = { shared: 'shared-worker', elected: 'elected-worker', single: 'dedicated-worker' }[host];
    const missing = [...state.uncoded];
    if (state.host.kind !== kind) missing.push(`${name} has a ${state.host.kind}`);
    if (state.pending > 0) missing.push(`${name} has ${state.pending} calls under way`);
    if (host !== 'single' && build !== this.#acting()) {
      if (state.reason !== 'newer-build') missing.push(`${name} does not wait for the newer build but is ${state.phase} ${state.reason}`);
      return missing;
    }
    if (state.hash !== devnet.head.hash) missing.push(`${name} is not at the head but ${state.phase} ${state.reason}`);
    const all = Array.from(this.#tabs.values()).filter((tab) => tab.build === build);
    const most = host === 'single' ? 1 : all.length;
    // A frozen tab whose hub is gone connects to the next hub only when it thaws.
    const least = host === 'single' ? 1 : all.filter(({ thaw }) => !thaw).length;
    if (state.host.tabs > most || state.host.tabs < least) missing.push(`${name} says ${state.host.tabs} tabs, ${least} to ${most} are there`);
    return missing;
  }

  /** Clients that the network sees but that should not exist. A hanging client keeps its connections until it wakes. */
  #strangers(): string[] {
    const { devnet, host } = this.#options;
    const open = new Map(devnet.since(0, 'connection-open').flatMap(({ connection, direction, remote }) => (direction === 'inbound' ? [[connection, remote]] : [])));
    for (const { connection } of devnet.since(0, 'connection-close')) open.delete(connection);
    const own = new Set(devnet.started.peers.map(({ id }) => id));
    const clients = new Set([...open.values()].filter((remote) => !own.has(remote!)));
    const most = (host === 'single' ? this.#tabs.size : 1) + this.#hungHubs;
    return clients.size > most ? [`the network sees ${clients.size} clients, ${most} at the most should be there`] : [];
  }

  async #until(look: () => Promise<string[]>): Promise<string[]> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const wrong = await look();
      if (wrong.length === 0 || Date.now() > end) return wrong;
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  async #report(): Promise<string> {
    const logs = this.#awake().map(async ({ page }) => {
      const found = await page
        .evaluate(async () => ({
          page: petrel ? undefined : document.body.innerText.slice(0, 500),
          log: !petrel ? [] : (await petrel.getLog({ timeout: 2_000 })).filter((entry) => entry.code !== 'head-round').slice(-15).map(({ time, code, data }) => `${time} ${code} ${JSON.stringify(data)}`),
          locks: (await navigator.locks.query()).held!.map(({ name, clientId }) => `${name} ${clientId}`),
        }))
        .catch((error: unknown) => String(error));
      return `tab ${this.#idOf(page)}: ${JSON.stringify(found, undefined, 1)}`;
    });
    return (await Promise.all(logs)).join('\n');
  }

  #idOf(page: Page): number | undefined {
    return Array.from(this.#tabs).find(([, tab]) => tab.page === page)?.[0];
  }
}

/** Performs the actions one after the other. An error names the action that failed. */
export async function runChaos(world: ChaosWorld, plan: readonly Action[], say: (line: string) => void): Promise<void> {
  for (const [at, action] of plan.entries()) {
    say(`${at} ${told(action)}`);
    await world.act(action).catch((error: unknown) => {
      throw new Error(`action ${at} (${told(action)}): ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
