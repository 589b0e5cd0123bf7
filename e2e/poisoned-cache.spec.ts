import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Deploy } from './support/deploy.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ serviceWorkers: 'allow' });

let deploy: Deploy;
let broken: string;
test.beforeEach(() => {
  deploy = new Deploy();
  broken = mkdtempSync(join(tmpdir(), 'petrel-broken-'));
});
test.afterEach(async () => {
  await deploy.end();
  rmSync(broken, { recursive: true, force: true });
});

/** Opens a page from the stored build. */
async function openStored(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.reload();
  return build(page);
}

/** The id of the build that the page runs, as soon as its status shows it. */
const build = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    for (;;) {
      const status = await globalThis.petrel?.getStatus();
      if (status?.host.build) return status.host.build;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

/** Checks for a newer build. Returns the state of its service worker. */
const update = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const registration = (await navigator.serviceWorker.getRegistration())!;
    const found = new Promise<ServiceWorker>((resolve) => registration.addEventListener('updatefound', () => resolve(registration.installing!), { once: true }));
    // After a page was opened, the browser may check by itself, and be done already.
    if (!registration.waiting) await registration.update();
    const worker = registration.waiting ?? registration.installing ?? (await found);
    while (worker.state === 'installing') await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
    return worker.state;
  });

/** The paths that a build's service worker stores, read from its file. */
const keptBy = (folder: string): string[] => Array.from(readFileSync(join(folder, 'sw.js'), 'utf8').matchAll(/"url":"([^"]+)"/gu), ([, url]) => url!);

test('issue 11.12: files in caches under the names of a newer build are not used as that build', async ({ page }) => {
  const later = deploy.buildLater();
  const before = await openStored(page, await deploy.start());
  const poison = { 'index.html': '<!doctype html><title>poison</title><p id="poison">poison</p>' } as Record<string, string>;
  // In all existing caches, and in one with the name that other service workers use.
  await page.evaluate(async ({ paths, poison }) => {
    for (const name of [...(await caches.keys()), `workbox-precache-v2-${location.origin}/`, 'anything']) {
      const cache = await caches.open(name);
      for (const path of paths) {
        if (await cache.match(`/${path}`)) continue;
        await cache.put(`/${path}`, new Response(poison[path] ?? 'globalThis.poisoned = true;', { headers: { 'Content-Type': path.endsWith('.html') ? 'text/html' : 'text/javascript' } }));
      }
    }
  }, { paths: keptBy(later), poison });
  deploy.put(later);
  expect(await update(page)).toBe('installed');
  await page.getByTestId('update').getByRole('button').click();
  await expect.poll(() => build(page).catch(() => before)).not.toBe(before);
  await deploy.stopServer();
  await page.reload();
  expect((await build(page)) > before).toBe(true);
  expect(await page.evaluate(() => 'poisoned' in globalThis)).toBe(false);
  await expect(page.locator('#poison')).toHaveCount(0);
  expect(await page.evaluate(() => caches.keys())).toHaveLength(1);
});

test('issue 11.12: a server that answers a script with a page, or redirects to one, does not make a newer build', { tag: '@long' }, async ({ page }) => {
  const later = deploy.buildLater();
  const before = await openStored(page, await deploy.start());
  cpSync(later, broken, { recursive: true });
  const hub = keptBy(later).find((path) => path.startsWith('assets/hub-'))!;
  writeFileSync(join(broken, hub), readFileSync(join(broken, 'index.html')));
  deploy.put(broken);
  expect(await update(page)).toBe('redundant');
  await page.reload();
  expect(await build(page)).toBe(before);
  await expect(page.getByTestId('update')).toHaveAttribute('data-offered', 'false');
  // When the file is right again, the newer build is installed.
  deploy.put(later);
  expect(await update(page)).toBe('installed');
});

test('issue 11.12: a stored file is used only for its own address', async ({ page }) => {
  const url = await deploy.start();
  await openStored(page, url);
  const script = keptBy(join(import.meta.dirname, '../dist')).find((path) => path.startsWith('assets/index-') && path.endsWith('.js'))!;
  await deploy.stopServer();
  const status = (path: string) => page.evaluate((asked) => fetch(asked).then((response) => response.status, () => 0), path);
  expect(await status(`/${script}`)).toBe(200);
  expect(await status(`/${script}?v=2`)).toBe(0);
  expect(await status('/assets/none.js')).toBe(0);
  await page.goto(`${url}?witnesses=1`);
  await build(page);
});
