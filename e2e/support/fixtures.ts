import type { BrowserContext, Page } from '@playwright/test';
import type { DevnetProcess } from './devnet.ts';
import { test as base, type Site } from './servers.ts';

/**
 * Chromium sends requests to its vendor whatever flags it gets. A page of Petrel cannot send them: the policy allows http only to
 * its own host.
 */
const browsersOwn = /^\w+ (?:https?:\/\/)?(?:[\w-]+\.)*(?:googleapis|google|gstatic|gvt1)\.com(?:[:/]|$)/u;

interface TestFixtures {
  /** Opens the app on a local network in a new tab. */
  readonly openApp: (devnet: DevnetProcess, network?: string, more?: Readonly<Record<string, string>>) => Promise<Page>;
  readonly strict: void;
}

/**
 * Every test runs against the server of `npm start`, with its headers. A request to another host, or a violation of the policy in a
 * page or in the hub, fails the test.
 */
export const test = base.extend<TestFixtures>({
  // Requests to loopback bypass the proxy, so a request that arrives there was for another machine.
  launchOptions: [async ({ launchOptions, outside }, use) => use({ ...launchOptions, proxy: { server: outside.url, bypass: 'localhost,.localhost,127.0.0.1' } }), { scope: 'worker' }],

  openApp: async ({ context, site }, use) => {
    await use(async (devnet, network, more) => {
      const page = await context.newPage();
      await page.goto(appUrl(site, devnet, network, more));
      return page;
    });
  },

  strict: [
    async ({ context, outside }, use) => {
      const violations: string[] = [];
      const crashes: string[] = [];
      outside.requests.length = 0;
      await context.exposeFunction('petrelViolation', (text: string) => void violations.push(text));
      await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          (globalThis as unknown as { petrelViolation(text: string): void }).petrelViolation(`${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      watchPages(context, crashes);
      await use();
      const inHub = (await Promise.all(context.pages().map(hubViolations))).flat();
      base.expect([...violations, ...inHub], 'refused by the security policy').toEqual([]);
      base.expect(outside.requests.filter((request) => !browsersOwn.test(request)), 'requests to other hosts').toEqual([]);
      base.expect(crashes, 'uncaught errors in pages').toEqual([]);
    },
    { auto: true },
  ],
});

export const { expect } = base;

export function appUrl(site: Site, devnet: DevnetProcess, network = 'unit-albatross', more: Readonly<Record<string, string>> = {}): string {
  // This chain makes blocks only on command, so it may stand still for long, and the client must not call it stale.
  return `${site.url}?${new URLSearchParams({ network, seeds: devnet.seeds, staleBlocks: '100000', ...more })}`;
}

/** The hub logs policy violations in its own scope. */
async function hubViolations(page: Page): Promise<string[]> {
  return page
    .evaluate(async () => {
      const log = (await globalThis.petrel?.getLog()) ?? [];
      return log.filter((entry) => entry.code === 'policy-violation').map((entry) => JSON.stringify(entry.data));
    })
    .catch(() => []);
}

function watchPages(context: BrowserContext, crashes: string[]): void {
  context.on('page', (page) => page.on('pageerror', (error) => crashes.push(String(error))));
}
