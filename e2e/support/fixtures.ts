import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { DevnetProcess } from './devnet.ts';

const root = resolve(import.meta.dirname, '../..');

/** Chromium calls its maker by itself whatever flags it is given. No page of ours could: the policy allows http to our own host only. */
const browsersOwn = /^(?:https?:\/\/)?(?:[\w-]+\.)*(?:googleapis|google|gstatic|gvt1)\.com(?:[:/]|$)/u;

interface Site {
  readonly url: string;
  /** JSON served by path beside the build, for networks of one's own. */
  readonly files: Record<string, () => string>;
}

interface TestFixtures {
  /** Starts a local network stepped by command; all are stopped when the test is over. */
  readonly startDevnet: (...args: string[]) => Promise<DevnetProcess>;
  /** Opens the app on a local network in a new tab. */
  readonly openApp: (devnet: DevnetProcess, network?: string, more?: Readonly<Record<string, string>>) => Promise<Page>;
  readonly strict: void;
}

interface WorkerFixtures {
  readonly site: Site;
  /** Everything that did not go to loopback was asked of this proxy. */
  readonly outside: { readonly url: string; readonly requests: string[] };
}

/**
 * Every test runs against the server of `npm start`, with its headers. A request to another host, or anything that the policy
 * refused, in a page or in the hub, fails it.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    async ({}, use) => {
      const files: Site['files'] = {};
      const server = await serve({ directory: join(root, 'dist'), files });
      await use({ url: server.url, files });
      await server.close();
    },
    { scope: 'worker' },
  ],

  outside: [
    async ({}, use) => {
      const requests: string[] = [];
      const note = (method: string, url: string) => void (browsersOwn.test(url) || requests.push(`${method} ${url}`));
      const proxy = createServer((request, response) => {
        note(request.method ?? '', request.url ?? '');
        response.writeHead(502).end();
      });
      proxy.on('connect', (request, socket) => {
        note('CONNECT', request.url ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      const port = await listen(proxy);
      await use({ url: `http://127.0.0.1:${port}`, requests });
      proxy.closeAllConnections();
      proxy.close();
    },
    { scope: 'worker' },
  ],

  // Loopback does not go to the proxy, so what arrives there wanted to leave the machine.
  launchOptions: [async ({ launchOptions, outside }, use) => use({ ...launchOptions, proxy: { server: outside.url, bypass: 'localhost,127.0.0.1' } }), { scope: 'worker' }],

  startDevnet: async ({}, use) => {
    const started: DevnetProcess[] = [];
    await use(async (...args) => {
      const devnet = await DevnetProcess.start(...args);
      started.push(devnet);
      return devnet;
    });
    await Promise.all(started.map((devnet) => devnet.stop()));
  },

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
      base.expect(outside.requests, 'requests to other hosts').toEqual([]);
      base.expect(crashes, 'uncaught errors in pages').toEqual([]);
    },
    { auto: true },
  ],
});

export const { expect } = base;

export function appUrl(site: Site, devnet: DevnetProcess, network = 'unit-albatross', more: Readonly<Record<string, string>> = {}): string {
  // A chain that goes on only by command stands still for long, and is not stale for that.
  return `${site.url}?${new URLSearchParams({ network, seeds: devnet.seeds, staleBlocks: '100000', ...more })}`;
}

/** The hub listens for the event in its own scope and logs it. */
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

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
