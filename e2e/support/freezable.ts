import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from '@playwright/test';
import { test as base } from './fixtures.ts';

/**
 * A browser in which tabs can be hidden and frozen. Playwright keeps all pages of the browsers that it starts visible, and a
 * visible page cannot be frozen. It does not do this in a browser that it only connects to. There are no service workers, as in the
 * other tests.
 */
export async function freezableBrowser(options: LaunchOptions): Promise<{ readonly browser: Browser; readonly context: BrowserContext; close(): Promise<void> }> {
  const port = await freePort();
  const launched = await chromium.launch({ ...options, args: [...(options.args ?? []), `--remote-debugging-port=${port}`] });
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = browser.contexts();
  await context!.addInitScript(() => Object.defineProperty(navigator, 'serviceWorker', { value: undefined }));
  return {
    browser,
    context: context!,
    async close() {
      await browser.close();
      await launched.close();
    },
  };
}

/** The tests of `fixtures.ts`, each in its own freezable browser. */
export const test = base.extend<{ context: BrowserContext }>({
  context: async ({ launchOptions }, use) => {
    const { context, close } = await freezableBrowser(launchOptions);
    await use(context);
    await close();
  },
});

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
