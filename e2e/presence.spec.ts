import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import { BrokenBuild } from './support/broken-build.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { appUrl, expect, test } from './support/fixtures.ts';

const peers = (page: Page) => page.evaluate(async () => (await petrel!.getStatus()).peers);

/** A headless browser hides no tab, so this tells the page that it is hidden or visible. */
function show(page: Page, visible: boolean): Promise<void> {
  return page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visible ? 'visible' : 'hidden');
}

test('hidden tabs keep three peers, a visible one gets all; the hub ignores an offline report while its links work', async ({ startDevnet, openApp, context }) => {
  const devnet = await startDevnet('--seed', 'presence', '--peers', '5');
  const pages = [await openApp(devnet), await openApp(devnet)];
  for (const page of pages) await untilEstablished(page);
  const [left, right] = pages as [Page, Page];
  await expect.poll(() => peers(left)).toMatchObject({ live: 5, wanted: 6 });
  await show(left, false);
  await show(right, false);
  await expect.poll(() => peers(left)).toEqual({ connected: 3, live: 3, wanted: 3 });
  await devnet.produce(2);
  for (const page of pages) await untilHead(page, devnet.head);
  await untilEstablished(left);

  await show(left, true);
  for (const page of pages) await untilHead(page, devnet.head);
  await expect.poll(() => peers(left)).toMatchObject({ live: 5, wanted: 6 });

  // The hub ignores this, because its links work.
  await context.setOffline(true);
  await devnet.produce(1);
  for (const page of pages) await untilHead(page, devnet.head);
  await expect(left.getByTestId('phase')).toHaveText('Live');
  await context.setOffline(false);
});

/**
 * Produces blocks until the page shows consensus. Without new blocks the head would be fresh only for the four seconds of the test
 * below, and a slow machine takes longer to establish consensus.
 */
async function establishedByBlocks(page: Page, devnet: DevnetProcess): Promise<void> {
  await expect(async () => {
    await devnet.produce(1);
    await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'established', { timeout: 2000 });
  }).toPass();
}

test('a head that stands still is shown as stale, with the reason, until a new block comes', async ({ startDevnet, context, site }) => {
  const devnet = await startDevnet('--seed', 'stale');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(appUrl(site, devnet).replace('staleBlocks=100000', 'staleBlocks=4'));
  await establishedByBlocks(page, devnet);
  const mark = devnet.mark();
  const phase = page.getByTestId('phase');
  await expect(phase).toHaveAttribute('data-phase', 'stale');
  await expect(phase).toHaveText('Stale');
  await expect(page.locator('.reason', { hasText: 'No new block for' })).toBeVisible();
  await expect(page.getByTestId('as-of')).toBeAttached();
  // The client replaces peers.
  await devnet.waitFor('connection-close', () => true, mark);
  await establishedByBlocks(page, devnet);
  await untilHead(page, devnet.head);
});

test('with a clock that is ahead while blocks come, the page claims neither that no block comes nor that it does not follow', { tag: '@long' }, async ({ startDevnet, context }) => {
  const body = readdirSync(join(import.meta.dirname, '../dist/assets')).find((name) => /^hub-.*\.js$/u.test(name))!;
  const build = new BrokenBuild(`assets/${body}`, "{ const now = Date.now.bind(Date); let ahead = 0; Date.now = () => now() + ahead; new BroadcastChannel('clock').onmessage = ({ data }) => (ahead = data); }");
  try {
    const devnet = await startDevnet('--seed', 'ahead', '--block-time', '1000');
    const page = await context.newPage();
    await page.goto(appUrl({ url: await build.start(), files: {} }, devnet, 'unit-albatross', { staleBlocks: '20' }));
    await untilEstablished(page);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    const set = (ahead: number) => page.evaluate((data) => new BroadcastChannel('clock').postMessage(data), ahead);
    const state = page.locator('.state');
    await set(40_000);
    await expect(state).toContainText('old by the clock of this device');
    const { head } = devnet;
    await devnet.waitFor('block', ({ height }) => height > head.height + 3);
    await expect(state).not.toContainText('No new block');
    await expect(state).not.toContainText('nothing new');
    await set(3_600_000);
    await expect(state).toContainText('The clock of this device is ahead by about 60 minutes');
    await expect(state).not.toContainText('Not following');
    await set(0);
    await untilEstablished(page);
  } finally {
    await build.end();
  }
});
