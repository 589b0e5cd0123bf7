import { chromium, type Page } from '@playwright/test';
import { securityHeaders } from '../scripts/headers.mjs';
import { untilEstablished, untilHead } from './support/app.ts';
import { Deploy } from './support/deploy.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

test.use({ serviceWorkers: 'allow' });

let deploy: Deploy;
test.beforeEach(() => void (deploy = new Deploy()));
test.afterEach(() => deploy.end());

/** Resolves when the service worker has stored the build and serves every further page from it. */
function untilStored(page: Page): Promise<void> {
  return page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

test('is installable', async ({ launchOptions, site }, info) => {
  // Only a persistent profile can install an app.
  const context = await chromium.launchPersistentContext(info.outputPath('profile'), launchOptions);
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    await untilStored(page);
    const session = await context.newCDPSession(page);
    await expect.poll(async () => (await session.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
    expect((await session.send('Page.getAppManifest')).errors).toEqual([]);
  } finally {
    await context.close();
  }
});

const policy = securityHeaders['Content-Security-Policy'];
const policies = { 'as it is': securityHeaders, 'without wasm-unsafe-eval': { ...securityHeaders, 'Content-Security-Policy': policy.replace(" 'wasm-unsafe-eval'", '') } };
expect(policies['without wasm-unsafe-eval']['Content-Security-Policy']).not.toBe(policy);

for (const [name, headers] of Object.entries(policies).slice(0, process.env['PETREL_LONG'] === '1' ? 2 : 1)) {
  test(`opens after the server was stopped and shows the stored head, under the policy ${name}`, async ({ startDevnet, context }) => {
    const devnet = await startDevnet('--seed', 'offline', '--epochs', '1');
    await devnet.produce(3);
    const url = appUrl({ url: await deploy.start(headers), files: {} }, devnet);
    const page = await context.newPage();
    await page.goto(url);
    await untilStored(page);
    await untilEstablished(page);
    await devnet.produce(2);
    await untilHead(page, devnet.head);
    await expect(page.getByTestId('as-of')).toHaveCount(0);
    // When the only tab is closed, the hub writes everything.
    await page.goto('about:blank');
    const { head } = devnet;
    await devnet.stop();
    await deploy.stopServer();

    await page.goto(url);
    await untilHead(page, head);
    await expect(page.getByTestId('phase')).toHaveText('Not connected');
    await expect(page.getByTestId('as-of')).toBeVisible();
    await expect(page.getByText('No peer can be reached')).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await serious(page), colorScheme).toEqual([]);
    }
    // When the device reports that it is offline, the page shows that too.
    await context.setOffline(true);
    await expect(page.getByText('This device is offline')).toBeVisible();
  });
}

test('an update is offered to all tabs, and the newer build takes over in an orderly way', async ({ startDevnet, context }) => {
  const later = deploy.buildLater();
  const devnet = await startDevnet('--seed', 'update');
  await devnet.produce(3);
  const url = appUrl({ url: await deploy.start(), files: {} }, devnet);
  const open = async () => {
    const page = await context.newPage();
    await page.goto(url);
    await untilStored(page);
    await untilEstablished(page);
    return page;
  };
  const host = (page: Page) => page.evaluate(async () => (await petrel!.getStatus()).host);
  // The first page does not come from the store yet.
  await (await open()).close();
  const left = await open();
  const right = await open();
  const before = await host(left);
  const bar = (page: Page) => page.getByTestId('update');
  for (const page of [left, right]) await expect(bar(page)).toHaveAttribute('data-offered', 'false');

  deploy.put(later);
  await left.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  for (const page of [left, right]) await expect(bar(page)).toContainText('A new version is ready.');
  for (const colorScheme of ['light', 'dark'] as const) {
    await left.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await serious(left), `offered, ${colorScheme}`).toEqual([]);
  }
  // A tab may stay with the old build.
  await devnet.produce(1);
  await untilHead(left, devnet.head);
  expect((await host(left)).build).toBe(before.build);

  await bar(left).getByRole('button').click();
  await expect.poll(async () => (await host(left).catch(() => before)).build).not.toBe(before.build);
  await untilEstablished(left);
  await devnet.produce(1);
  await untilHead(left, devnet.head);
  const after = await host(left);
  expect(after.build > before.build).toBe(true);
  expect(after.fencing).toBeGreaterThan(before.fencing);
  expect(await left.evaluate(async () => (await petrel!.getStatus()).storage.kind)).toBe('indexeddb');

  // The other tab has released its hub's ownership, and shows what to do.
  await expect(right.getByTestId('phase')).toHaveAttribute('data-phase', 'waiting');
  await expect(right.getByText('A newer version of Petrel has taken over')).toBeVisible();
  expect(await serious(right), 'taken over').toEqual([]);
  const log = await right.evaluate(async () => (await petrel!.getLog()).map(({ code }) => code));
  expect(log).toContain('handing-over');
  const owners = await left.evaluate(async () => (await navigator.locks.query()).held!.filter(({ name }) => name!.endsWith('/owner')).length);
  expect(owners).toBe(1);

  await bar(right).getByRole('button').click();
  await untilEstablished(right);
  await untilHead(right, devnet.head);
  await expect.poll(() => host(right)).toMatchObject({ build: after.build, tabs: 2, fencing: after.fencing });
});
