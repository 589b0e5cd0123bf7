import { readFileSync } from 'node:fs';
import { untilFinal } from './support/app.ts';
import type { ChainNet } from './support/chain-net.ts';
import { expect, test } from './support/fixtures.ts';
import { untilBanned, untilJudged, untilLive, untilReadable, untilSharedBySecondTab, untilStillBanned } from './support/other-chain.ts';

/** A HotStuff-2 network of replicas that really vote, followed by the page. */

interface Asked {
  readonly client: number;
  readonly request: { readonly type: string; readonly from?: number; readonly count?: number };
}

/** The heights of all blocks that were asked for from the network, each as often as it was. */
async function heightsAsked(net: ChainNet, from = 0): Promise<{ readonly total: number; readonly heights: readonly number[] }> {
  const { total, requests } = await net.command<{ readonly total: number; readonly requests: readonly Asked[] }>({ do: 'look', from });
  const ranges = requests.flatMap(({ request }) => (request.type === 'get-blocks' || request.type === 'get-headers' ? [request] : []));
  return { total, heights: ranges.flatMap(({ from: first = 0, count = 0 }) => Array.from({ length: count }, (_, index) => first + index)) };
}

const clients = async (net: ChainNet) => (await net.command<{ readonly replicas: readonly { readonly clients: number }[] }>({ do: 'info' })).replicas.reduce((sum, replica) => sum + replica.clients, 0);

test('HotStuff-2: opened, synced, live, reloaded with nothing fetched twice, and one client for two tabs', async ({ startChain, context }) => {
  const { net, url } = await startChain('hotstuff2', '--history', '120');
  await net.produce(1);
  const page = await context.newPage();
  await page.goto(url);
  await untilLive(page, net);
  // Above the final block every peer is asked for its own newest one.
  const final = net.head.height - 1;
  const synced = (await heightsAsked(net)).heights.filter((height) => height <= final);
  expect([...new Set(synced)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: final }, (_, index) => index + 1));
  // An idle peer may be asked for one of the last blocks again, where its answer is late; four requests are under way at most.
  expect(synced.length).toBeLessThanOrEqual(final + 3);

  await net.produce(3);
  await untilLive(page, net);
  await expect(page.getByTestId('finality')).toContainText('two-chain rule');
  await expect(page.getByText('1 block above it is certified, not final')).toBeVisible();
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-level', 'proven');
  await expect(page.getByTestId('votes')).toContainText('3 of 4 validators voted');
  await expect(page.locator('[data-testid=peer][data-state=banned]')).toHaveCount(0);

  await untilSharedBySecondTab(context, url, net, () => clients(net));

  // Without a tab the client ends; the next one begins with what is stored.
  await page.goto('about:blank');
  const { total } = await heightsAsked(net);
  const { height } = net.head;
  await net.produce(2);
  await page.goto(url);
  await untilLive(page, net);
  const again = await heightsAsked(net, total);
  expect(Math.min(...again.heights, height)).toBeGreaterThanOrEqual(height - 1);

  // The negative run: a client whose data was deleted fetches all of them again.
  await page.evaluate(() => petrel!.wipe());
  await untilLive(page, net);
  await expect.poll(async () => (await heightsAsked(net, total)).heights.includes(1)).toBe(true);
});

test('HotStuff-2: a value is read and its proof saved, which the page verifies; a changed byte is refused with the reason', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'values');
  await net.command({ do: 'put', key: 'colour', value: 'petrol' });
  await net.produce(4);
  await page.goto(url);
  await untilLive(page, net);
  await page.getByRole('searchbox', { name: 'Key' }).fill('nothing');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(page.getByTestId('value')).toContainText('There is nothing under nothing.');
  await page.getByRole('searchbox', { name: 'Key' }).fill('colour');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(page.getByTestId('value')).toContainText('colour = petrol');
  // The live block after it brings the certificates.
  await net.produce(1);
  await untilLive(page, net);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a proof: of the value under colour' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^value-\d+\.petrel$/u);
  const bytes = Uint8Array.from(readFileSync(await download.path()));
  await expect(page.getByTestId('save-proof')).toContainText('A browser that opens this file gives it the level “Proven from genesis”.');
  await untilJudged(page, 'colour.petrel', bytes, { changedAt: bytes.length - 5, reason: /The hashes do not lead to the state root of the final block/u });
  await untilReadable(page);
  await page.getByRole('button', { name: /Network/u }).click();
  await expect(page.getByRole('group', { name: 'HotStuff-2' })).toContainText('npm start -- --chain hotstuff2');
  await expect(page.getByRole('group', { name: 'HotStuff-2' }).getByRole('radio')).toBeChecked();
});

test('HotStuff-2: its words for what is final, its drawing, its fields and its sync, readable at any width', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'words', '--history', '20');
  await net.produce(1);
  await page.goto(url);
  await untilLive(page, net);
  await net.produce(2);
  await untilLive(page, net);
  expect(await page.locator('.app > :not(header)').allInnerTexts()).not.toContainEqual(expect.stringMatching(/Nimiq|epoch|macro block|Wallet/iu));
  await page.getByTestId('sync-fold').locator('summary').click();
  await expect(page.getByTestId('sync-peer')).toHaveCount(4);
  await expect(page.locator('.plot canvas')).toHaveCount(3);
  await untilReadable(page);
  await page.getByRole('searchbox', { name: 'Look up a block', exact: true }).fill('NQ07 0000 0000 0000 0000 0000 0000 0000 0000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This chain has no accounts')).toBeVisible();
  await page.goto(`${url}#/block/${net.head.height}`);
  await expect(page.getByTestId('grade')).toContainText('Certified, not final');
  await expect(page.getByTestId('block-verdict')).toContainText('not final');
  await page.goto(`${url}#/block/${net.head.height - 1}`);
  await expect(page.getByTestId('grade')).toContainText(/^Final/u);
  await expect(page.locator('[data-field=payloadRoot]')).toContainText(/[0-9a-f]{64}/u);
  await untilReadable(page);
});

test('HotStuff-2: all replicas stopped, and back', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'stops');
  await net.produce(3);
  await page.goto(url);
  await untilLive(page, net);
  for (const replica of [0, 1, 2, 3]) await net.command({ do: 'stop', replica });
  await expect(page.getByTestId('phase')).not.toHaveAttribute('data-phase', 'established');
  await expect(page.getByTestId('head')).toHaveAttribute('data-hash', net.head.hash);
  for (const replica of [0, 1, 2, 3]) await net.command({ do: 'start', replica });
  await net.produce(2);
  await untilLive(page, net);
});

test('HotStuff-2: a replica that forges certificates is banned, with the reason', async ({ startChain, page }) => {
  const { net, url } = await startChain('hotstuff2', '--seed', 'liar');
  await net.produce(2);
  await page.goto(url);
  await untilLive(page, net);
  await net.command({ do: 'fault', replica: 1, fault: 'forged-qc' });
  await net.produce(2);
  await untilBanned(page, /bad signatures in the certificate/u);
  await untilLive(page, net);
  await untilFinal(page, await page.evaluate(async () => (await petrel!.getHead()).final));
  await untilStillBanned(page, url, /bad signatures in the certificate/u);
  await untilLive(page, net);
});
