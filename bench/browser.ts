import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BrowserTab } from './browser-tab.ts';
import { DevtoolsPipe } from './devtools-pipe.ts';
import { withTimeout } from './with-timeout.ts';

/** Milliseconds for Chromium to start or to end; a loaded machine needs several seconds. */
const START_TIMEOUT = 60_000;
const END_TIMEOUT = 10_000;

const flags = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--password-store=basic',
  '--use-mock-keychain',
  // Containers have a small /dev/shm.
  '--disable-dev-shm-usage',
  // These turn off work that would disturb the measurement: requests to the vendor, updates, and throttling of hidden windows.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

export interface BrowserProcess {
  /** `browser`, `renderer`, `GPU` or `utility`, as Chromium names them. */
  readonly type: string;
  /** Process id. */
  readonly id: number;
  /** Seconds of processor time since its start. */
  readonly cpuTime: number;
}

/** One real Chromium with a profile folder. */
export class Browser {
  readonly pipe: DevtoolsPipe;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #tab: BrowserTab | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    this.pipe = new DevtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  }

  /** Calls `onSpawn` with the process id before that process starts any other. */
  static async launch(executable: string, profile: string, onSpawn?: (pid: number) => void): Promise<Browser> {
    // Chromium's sandbox does not work for the root user (containers, CI).
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(executable, [...flags, ...sandbox, `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) onSpawn?.(child.pid);
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const browser = new Browser(child);
    try {
      await withTimeout(Promise.race([browser.#attach(), failed]), START_TIMEOUT, 'Chromium did not start');
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return browser;
  }

  /** The tab that the browser started with. */
  get tab(): BrowserTab {
    return this.#tab!;
  }

  /** The version that Chromium reports, for example `156.0.1.2`, without `Chrome/`. */
  async version(): Promise<string> {
    const { product } = await this.pipe.send<{ product: string }>('Browser.getVersion');
    return product.replace(/^.*\//u, '');
  }

  /** Opens one more, empty tab. */
  async newTab(): Promise<BrowserTab> {
    const { targetId } = await this.pipe.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    return BrowserTab.attach(this.pipe, targetId);
  }

  async processes(): Promise<readonly BrowserProcess[]> {
    return (await this.pipe.send<{ processInfo: BrowserProcess[] }>('SystemInfo.getProcessInfo')).processInfo;
  }

  /** Closes Chromium regularly, so that it writes caches and databases. Kills it if it does not end. */
  async close(): Promise<void> {
    void this.pipe.send('Browser.close').catch(() => undefined);
    await withTimeout(this.#ended, END_TIMEOUT, 'Chromium did not end').catch(() => this.kill());
    await this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #attach(): Promise<void> {
    const { targetInfos } = await this.pipe.send<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets');
    const page = targetInfos.find(({ type }) => type === 'page')?.targetId;
    this.#tab = page === undefined ? await this.newTab() : await BrowserTab.attach(this.pipe, page);
  }
}
