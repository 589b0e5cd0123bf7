import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import { Deploy } from './support/deploy.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect } from './support/fixtures.ts';
import { test } from './support/freezable.ts';
import { freeze, hangHub } from './support/threads.ts';

const host = (page: Page) => page.evaluate(async () => (await petrel!.getStatus()).host);

/** The peer ids of connected clients. */
function connected(devnet: DevnetProcess): string[] {
  const open = new Map(devnet.since(0, 'connection-open').map(({ connection, remote }) => [connection, remote]));
  for (const { connection } of devnet.since(0, 'connection-close')) open.delete(connection);
  return [...new Set(open.values())];
}

/** The index of the page that has the seat: its worker is the hub. */
async function elected(pages: readonly Page[]): Promise<number> {
  const hasSeat = () =>
    navigator.locks.request(crypto.randomUUID(), async (mine) => {
      const { held = [] } = await navigator.locks.query();
      const me = held.find(({ name }) => name === mine!.name)?.clientId;
      return held.some(({ name, clientId }) => name!.endsWith('/seat') && clientId === me);
    });
  return (await Promise.all(pages.map((page) => page.evaluate(hasSeat)))).indexOf(true);
}

test('without SharedWorker one tab is elected, and its worker is the hub for all tabs; when it is closed, another tab is elected', async ({ startDevnet, context, openApp }) => {
  await context.addInitScript(() => Object.defineProperty(globalThis, 'SharedWorker', { value: undefined }));
  const devnet = await startDevnet('--seed', 'elected');
  const pages = [await openApp(devnet), await openApp(devnet), await openApp(devnet)];
  for (const page of pages) await untilEstablished(page);
  expect(await host(pages[2]!)).toMatchObject({ kind: 'elected-worker', tabs: 3, fencing: 1 });
  await expect(pages[1]!.locator('footer')).toContainText('in one of them');
  expect(connected(devnet)).toHaveLength(1);
  await devnet.produce(2);
  for (const page of pages) await untilHead(page, devnet.head);

  for (let left = 2; left > 0; left -= 1) {
    const [gone] = pages.splice(await elected(pages), 1);
    await gone!.close();
    for (const page of pages) await expect.poll(() => host(page).catch(() => undefined)).toMatchObject({ kind: 'elected-worker', tabs: left });
    await devnet.produce(2);
    for (const page of pages) {
      await untilHead(page, devnet.head);
      await untilEstablished(page);
    }
    await expect.poll(() => connected(devnet)).toHaveLength(1);
  }
  expect(await host(pages[0]!)).toMatchObject({ fencing: 3, tabs: 1 });
  // Each hub has its own identity on the network.
  expect(new Set(devnet.since(0, 'connection-open').map(({ remote }) => remote)).size).toBe(3);
  // Its verifiers were lent through named ports, and reported their back end.
  await expect.poll(() => pages[0]!.evaluate(async () => (await petrel!.getLog()).find(({ code }) => code === 'verifier-ended')?.data)).toMatchObject({ backend: 'wasm' });
});

test('a frozen elected tab gives up its seat, and is an ordinary tab when it is thawed', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'frozen');
  const pages = [await openApp(devnet, undefined, { host: 'elected' }), await openApp(devnet, undefined, { host: 'elected' })];
  for (const page of pages) await untilEstablished(page);
  const [frozen] = pages.splice(await elected(pages), 1) as [Page];
  const [other] = pages as [Page];
  const thaw = await freeze(frozen);
  await expect.poll(() => host(other).catch(() => undefined)).toMatchObject({ fencing: 2 });
  await devnet.produce(2);
  await untilHead(other, devnet.head);
  await thaw();
  await untilHead(frozen, devnet.head);
  await untilEstablished(frozen);
  expect(await host(other)).toMatchObject({ fencing: 2, tabs: 2 });
  expect(await elected([frozen, other])).toBe(1);
});

for (const [how, silent] of [['its worker hangs', false], ['it is frozen without a word', true]] as const) {
  test(`an elected tab is noticed, and another takes its seat, when ${how}; when it wakes it does no harm`, async ({ startDevnet, context, openApp, site }) => {
    if (silent) {
      await context.addInitScript(() => {
        const add = document.addEventListener.bind(document) as (...args: unknown[]) => void;
        document.addEventListener = ((type: string, ...rest: unknown[]) => type !== 'freeze' && add(type, ...rest)) as typeof document.addEventListener;
      });
    }
    const devnet = await startDevnet('--seed', how);
    const pages = [await openApp(devnet, undefined, { host: 'elected' }), await openApp(devnet, undefined, { host: 'elected' })];
    for (const page of pages) await untilEstablished(page);
    const [first] = pages.splice(await elected(pages), 1) as [Page];
    const [other] = pages as [Page];
    const wake = silent ? await freeze(first) : (await hangHub({ page: first }))!.wake;
    await expect.poll(() => host(other).catch(() => undefined)).toMatchObject({ fencing: 2 });
    await devnet.produce(2);
    await untilHead(other, devnet.head);
    await untilEstablished(other);
    await wake();
    for (const page of [first, other]) {
      await untilHead(page, devnet.head);
      await untilEstablished(page);
      await expect.poll(() => host(page).catch(() => undefined)).toMatchObject({ fencing: 2, tabs: 2 });
    }
    await expect.poll(() => connected(devnet)).toHaveLength(1);
    expect(await other.evaluate(async () => (await petrel!.getStatus()).storage.kind)).toBe('indexeddb');
    // Only one owner wrote: the next start shows its head.
    await devnet.produce(1);
    for (const page of [first, other]) await untilHead(page, devnet.head);
    const { head } = devnet;
    await first.close();
    await other.goto('about:blank');
    await devnet.stop();
    await other.goto(appUrl(site, devnet));
    await untilHead(other, head);
  });
}

test('an elected tab whose worker files are missing says to reload, and works again when they are back', async ({ startDevnet, context }, info) => {
  const devnet = await startDevnet('--seed', 'gone');
  const deploy = new Deploy();
  try {
    const url = appUrl({ url: await deploy.start(), files: {} }, devnet, undefined, { host: 'elected' });
    const pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(url);
      await untilEstablished(page);
    }
    const empty = info.outputPath('nothing');
    mkdirSync(empty, { recursive: true });
    deploy.put(empty);
    const [gone] = pages.splice(await elected(pages), 1);
    const [other] = pages as [Page];
    // The browser would cache the files for a year.
    await (await context.newCDPSession(other)).send('Network.clearBrowserCache');
    await gone!.close();
    await expect(other.locator('.reason', { hasText: 'Reload to update' })).toBeVisible();
    await expect(other.getByTestId('phase')).toHaveAttribute('data-phase', 'waiting');
    deploy.put(resolve(import.meta.dirname, '../dist'));
    await devnet.produce(1);
    await untilHead(other, devnet.head);
  } finally {
    await deploy.end();
  }
});

test('tabs with different host settings have only one owner', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'tiers');
  const elected = await openApp(devnet, undefined, { host: 'elected' });
  await untilEstablished(elected);
  const shared = await openApp(devnet, undefined, { host: 'shared' });
  await expect(shared.getByTestId('phase')).toHaveAttribute('data-phase', 'waiting');
  await devnet.produce(1);
  await untilHead(elected, devnet.head);
  expect(connected(devnet)).toHaveLength(1);
  await elected.close();
  await untilEstablished(shared);
  await untilHead(shared, devnet.head);
  expect(await host(shared)).toMatchObject({ kind: 'shared-worker', fencing: 2 });
});

test('an unknown host is reported, and the page works without it', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'bad host');
  const page = await openApp(devnet, undefined, { host: 'moon' });
  await expect(page.getByTestId('trouble')).toHaveAttribute('data-code', 'bad-host');
  await expect(page.getByTestId('trouble')).toContainText('moon');
  await untilEstablished(page);
});

test('after a reload the only tab meets the same hub, which ends when no tab comes', async ({ startDevnet, openApp, site }) => {
  const devnet = await startDevnet('--seed', 'reload');
  const page = await openApp(devnet);
  await untilEstablished(page);
  await expect.poll(() => devnet.since(0, 'connection-open').length).toBe(4);
  await page.reload();
  await untilEstablished(page);
  // The tab before the reload may still be counted for a moment.
  await expect.poll(() => host(page)).toMatchObject({ kind: 'shared-worker', fencing: 1, tabs: 1 });
  await devnet.produce(1);
  await untilHead(page, devnet.head);
  // No connection was lost.
  expect([devnet.since(0, 'connection-open').length, devnet.since(0, 'connection-close').length]).toEqual([4, 0]);
  await page.goto('about:blank');
  await devnet.untilAlone();
  // Its worker may live on without a hub. The next page starts a hub in it, or in another worker.
  await page.goto(appUrl(site, devnet));
  await untilEstablished(page);
  await untilHead(page, devnet.head);
  expect(await host(page)).toMatchObject({ kind: 'shared-worker', fencing: 2, tabs: 1 });
});
