import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from '@playwright/test';
import type { DevnetProcess } from './devnet.ts';
import { test as base } from './fixtures.ts';
import type { Site } from './servers.ts';
import { wholeChromium } from './whole-chromium.ts';

/** A page of a site that embeds the widget. */
export interface HostPage {
  /** Between the tags of the body. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What goes before the script of the element. */
  readonly head?: string | undefined;
  /** The script of the element; by default the widget origin's. */
  readonly script?: string | undefined;
}

export interface HostServer {
  /** Pages by their path. */
  readonly pages: Map<string, HostPage>;
  /** Other files by their path: type and content. */
  readonly files: Map<string, readonly [type: string, content: string]>;
  /** The address of a path on one of the sites `a`, `b`, …, all of which are this machine. */
  url(site: string, path: string): string;
}

interface Fixtures {
  readonly hosts: HostServer;
  /** Opens a page of site `a` (or another) with this body. */
  readonly openHost: (body: string, options?: Partial<HostPage> & { readonly site?: string; readonly path?: string; readonly page?: Page }) => Promise<Page>;
}

/** Sites of other origins than the widget's, which embed it, in a browser that treats storage of embedded pages as users' browsers do. */
export const test = base.extend<Fixtures>({
  launchOptions: [async ({ launchOptions }, use) => use({ ...launchOptions, executablePath: wholeChromium() }), { scope: 'worker' }],

  hosts: async ({ site }, use) => {
    const pages: HostServer['pages'] = new Map();
    const files: HostServer['files'] = new Map();
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host');
      const page = pages.get(pathname);
      const file = files.get(pathname);
      if (page) {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers });
        const script = page.script ?? `<script src="${site.url}widget.js"></script>`;
        response.end(`<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">${page.head ?? ''}${script}</head><body>${page.body}</body></html>`);
      } else if (file) response.writeHead(200, { 'Content-Type': file[0] }).end(file[1]);
      else response.writeHead(404).end();
    });
    const port = await listen(server);
    await use({ pages, files, url: (name, path) => `http://${name}.localhost:${port}${path}` });
    server.closeAllConnections();
    server.close();
  },

  openHost: async ({ context, hosts }, use) => {
    await use(async (body, { site = 'a', path = '/', page, ...more } = {}) => {
      hosts.pages.set(path, { body, ...more });
      const opened = page ?? (await context.newPage());
      await opened.goto(hosts.url(site, path));
      return opened;
    });
  },
});

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}

/** The address of the frame on a local network whose blocks are made on command. */
export function embedUrl(site: Site, devnet: DevnetProcess): string {
  return `${site.url}embed?${new URLSearchParams({ seeds: devnet.seeds, staleBlocks: '100000' })}`;
}

/** The tag of a widget. */
export function widgetTag(src: string, attributes: Readonly<Record<string, string>> = {}, content = ''): string {
  const given = Object.entries({ src, ...attributes }).map(([name, value]) => `${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`);
  return `<petrel-widget ${given.join(' ')}>${content}</petrel-widget>`;
}

export function frameOf(page: Page, at = 0): FrameLocator {
  return page.locator('petrel-widget').nth(at).frameLocator('iframe');
}

/** The answer to a request of the host, or the error with its code and reason. */
export function ask(page: Page, method: string, params?: unknown, at = 0): Promise<unknown> {
  return page.evaluate(
    ([name, values, index]) => {
      const widget = document.querySelectorAll('petrel-widget')[index as number] as unknown as { request(request: unknown): Promise<unknown> };
      return widget.request({ method: name, params: values }).catch(({ code, data }: { code: number; data: unknown }) => ({ error: code, data }));
    },
    [method, params, at] as const,
  );
}

/** Collects the events of the page's widgets from now on, in `globalThis.told`. */
export async function collectEvents(page: Page): Promise<() => Promise<{ readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[]>> {
  await page.evaluate(() => {
    const told: unknown[] = ((globalThis as unknown as { told: unknown[] }).told = []);
    for (const widget of document.querySelectorAll('petrel-widget')) {
      for (const name of ['ready', 'status', 'balance', 'payment', 'error', 'resize']) widget.addEventListener(`petrel-${name}`, (event) => told.push({ type: name, detail: (event as CustomEvent).detail }));
    }
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: { type: string; detail: Record<string, unknown> }[] }).told);
}
