import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { wholeChromium } from './whole-chromium.ts';
import { test as base } from './widget-host.ts';

/** Milliseconds between two looks for the port that Chromium writes down when it has started. */
const LOOK = 50;

/**
 * The tests of `widget-host.ts`, each in a Chromium with the features of a user's: the storage of embedded pages is kept apart by the
 * embedding site, and pages come back from the back/forward cache. In the browsers that Playwright starts its flags turn both off.
 */
export const test = base.extend<{ context: BrowserContext }>({
  context: async ({ outside }, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'petrel-user-'));
    const child = spawn(
      wholeChromium(),
      [
        '--headless=new', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        `--proxy-server=${outside.url}`, '--proxy-bypass-list=<-loopback>;localhost;*.localhost;127.0.0.1', 'about:blank',
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await portIn(profile)}`, { noDefaults: true });
    await use(browser.contexts()[0]!);
    // All its processes end before the profile is deleted.
    await (await browser.newBrowserCDPSession()).send('Browser.close').catch(() => undefined);
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  },
});

/** Chromium writes two lines: the port, and the path of its endpoint. A look can come before the file, or between it and its lines. */
async function portIn(profile: string): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  for (;;) {
    const [, port] = existsSync(file) ? (/^(\d+)\n\S/.exec(readFileSync(file, 'utf8')) ?? []) : [];
    if (port !== undefined) return port;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}
