import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { serve } from '../scripts/serve.mjs';
import { untilFinal, untilHead } from './support/app.ts';
import type { ChainNet } from './support/chain-net.ts';
import { expect, test } from './support/fixtures.ts';
import { untilBanned, untilJudged, untilLive, untilReadable, untilSharedBySecondTab, untilStillBanned } from './support/other-chain.ts';

/** A Moloch network whose nodes seal and sign blocks, followed by the page. */

interface Asked {
  readonly client: string;
  readonly kind: string;
  readonly start?: number;
  readonly count?: number;
}

/** The heights of all blocks that were asked for from the network, each as often as it was. */
async function heightsAsked(net: ChainNet, from = 0): Promise<{ readonly total: number; readonly heights: readonly number[] }> {
  const all = await net.command<readonly Asked[]>({ do: 'look' });
  const ranges = all.slice(from).filter(({ kind }) => kind === 'GetBlocks');
  return { total: all.length, heights: ranges.flatMap(({ start = 0, count = 0 }) => Array.from({ length: count }, (_, index) => start + index)) };
}

const clients = async (net: ChainNet) => (await net.command<{ readonly nodes: readonly { readonly clients: number }[] }>({ do: 'info' })).nodes.reduce((sum, node) => sum + node.clients, 0);

test('Moloch: opened, synced, live, reloaded with nothing fetched twice, and one client for two tabs', async ({ startChain, context }) => {
  const { net, url } = await startChain('moloch', '--blocks', '120');
  await net.produce(1);
  const page = await context.newPage();
  await page.goto(url);
  await untilLive(page, net);
  const synced = (await heightsAsked(net)).heights.filter((height) => height <= net.head.height);
  expect(synced.toSorted((a, b) => a - b)).toEqual(Array.from({ length: net.head.height }, (_, index) => index + 1));

  await net.produce(3);
  await untilLive(page, net);
  await untilFinal(page, net.head);
  await expect(page.getByTestId('finality')).toContainText('more than two thirds of the validators have signed it');
  await expect(page.getByTestId('signatures')).toContainText(`Block ${net.head.height}: `);
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-level', 'proven');
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);

  await expect(page.locator('.sharing')).toContainText(/one peer gets a quarter of the limit at most.*To peers.*an hour/u);

  await untilSharedBySecondTab(context, url, net, () => clients(net));

  // Without a tab the client ends; the next one begins with what is stored.
  await page.goto('about:blank');
  const { total } = await heightsAsked(net);
  const { height } = net.head;
  await net.produce(2);
  await page.goto(url);
  await untilLive(page, net);
  const again = await heightsAsked(net, total);
  expect(Math.min(...again.heights, height + 1)).toBe(height + 1);

  // The negative run: a client whose data was deleted fetches all of them again.
  await page.evaluate(() => petrel!.wipe());
  await untilLive(page, net);
  await expect.poll(async () => (await heightsAsked(net, total)).heights.includes(1)).toBe(true);
});

test('Moloch: the receipt of an event is saved, which the page verifies; a changed byte is refused with the reason', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'events', '--blocks', '8');
  await page.goto(url);
  await untilLive(page, net);
  await net.produce(1);
  await untilFinal(page, net.head);
  await page.goto(`${url}#/block/${net.head.height - 2}`);
  const event = page.getByTestId('event').first();
  await expect(event).toBeVisible();
  const id = (await event.getAttribute('data-id')) ?? '';
  const saving = page.waitForEvent('download');
  await event.getByRole('button', { name: `Save a proof: of event ${id.slice(0, 8)}` }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^receipt-[0-9a-f]{16}-\d+\.petrel$/u);
  const bytes = Uint8Array.from(readFileSync(await download.path()));
  await expect(event.getByTestId('save-proof')).toContainText('A browser that opens this file gives it the level “Proven from genesis”.');
  await untilJudged(page, 'receipt.petrel', bytes, { changedAt: Math.floor(bytes.length / 2), reason: /The proof is of another block/u });
  await untilReadable(page);
  await page.getByRole('button', { name: /Network/u }).click();
  await expect(page.getByRole('group', { name: 'Moloch' })).toContainText('npm start -- --chain moloch');
  await expect(page.getByRole('group', { name: 'Moloch' }).getByRole('radio')).toBeChecked();
});

test('Moloch: its words for what is final, its drawing, its fields and its sync, readable at any width', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'words', '--blocks', '20');
  await page.goto(url);
  await untilLive(page, net);
  await net.produce(2);
  await untilFinal(page, net.head);
  // Without two of four validators a new block stays tentative.
  for (const node of [2, 3]) await net.command({ do: 'stop', node });
  await net.produce(1);
  await untilHead(page, net.head);
  await expect(page.getByText('1 block above it is tentative, not final')).toBeVisible();
  expect(await page.locator('.app > :not(header)').allInnerTexts()).not.toContainEqual(expect.stringMatching(/Nimiq|epoch|macro block|Wallet/iu));
  await page.getByTestId('sync-fold').locator('summary').click();
  await expect(page.locator('.plot canvas')).toHaveCount(3);
  await untilReadable(page);
  await page.goto(`${url}#/block/${net.head.height}`);
  await expect(page.getByTestId('grade')).toContainText('Tentative, not final');
  await expect(page.getByTestId('block-verdict')).toContainText('not final');
  await page.goto(`${url}#/block/${net.head.height - 1}`);
  await expect(page.getByTestId('grade')).toContainText(/^Final/u);
  await expect(page.locator('[data-field=eventsRoot]')).toContainText(/[0-9a-f]{64}/u);
  await untilReadable(page);
});

test('Moloch: all nodes stopped, and back', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'stops', '--blocks', '3');
  await page.goto(url);
  await untilLive(page, net);
  for (const node of [0, 1, 2, 3]) await net.command({ do: 'stop', node });
  await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  for (const node of [0, 1, 2, 3]) await net.command({ do: 'start', node });
  await net.produce(2);
  await untilLive(page, net);
});

test('Moloch: a node whose events do not fit the signed header is banned, with the reason', async ({ startChain, page }) => {
  const { net, url } = await startChain('moloch', '--seed', 'liar', '--blocks', '6');
  await net.command({ do: 'fault', node: 1, fault: 'bad-events-root', height: 4 });
  // Only the liar is there.
  for (const node of [0, 2, 3]) await net.command({ do: 'stop', node });
  await page.goto(url);
  await untilBanned(page, /the events are not the ones that the header names/u);
  expect(await page.evaluate(async () => (await petrel!.getHead()).latest.height)).toBeLessThan(4);
  for (const node of [0, 2, 3]) await net.command({ do: 'start', node });
  await untilLive(page, net);
  await untilStillBanned(page, url, /the events are not the ones that the header names/u);
  await untilLive(page, net);
});

test.describe('without a server', () => {
  test.use({ serviceWorkers: 'allow' });

  test('Moloch: the page opens from what its first visit stored; the files of other chains are stored for nobody else', async ({ startChain, page }) => {
    const { net } = await startChain('moloch', '--seed', 'offline', '--blocks', '5');
    const server = await serve({ directory: resolve(import.meta.dirname, '../dist'), files: { '/own.json': () => net.networkFile } });
    const stored = () => page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat().join(' '));
    const url = `${server.url}?network=/own.json`;
    try {
      // A network that cannot be used: the page follows no chain, and its service worker stores the common files.
      await page.goto(`${server.url}?network=/none.json`);
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      expect(await stored()).toMatch(/hub-/u);
      expect(await stored()).not.toMatch(/moloch|hotstuff2|bls12-381|run-signatures/u);

      await page.goto(url);
      await untilLive(page, net);
      await expect.poll(stored).toMatch(/moloch-codes.*bls12-381|bls12-381.*moloch-codes/u);
      // When the only tab is closed, the hub writes everything.
      await page.goto('about:blank');
    } finally {
      await server.close();
    }
    const { head } = net;
    await net.stop();
    await page.goto(url);
    await untilHead(page, head);
    await expect(page.getByTestId('finality')).toContainText(/more than two thirds of the validators have signed it/u);
    await expect(page.getByTestId('phase')).toHaveText('Not connected');
  });
});
