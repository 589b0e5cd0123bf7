import type { Page } from '@playwright/test';
import { untilEstablished, untilHead } from './support/app.ts';
import { Deploy } from './support/deploy.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

async function lookUp(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Look up a block' }).fill(text);
  await page.keyboard.press('Enter');
}

const untilBlock = (page: Page, hash: string) => expect(page.getByTestId('block')).toHaveAttribute('data-hash', hash);

test('the page finds a block by height and by hash, explains it, links to its neighbours and copies its hash', async ({ startDevnet, openApp, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const devnet = await startDevnet('--seed', 'look-up', '--epochs', '2');
  await devnet.produce(3);
  const page = await openApp(devnet);
  await untilEstablished(page);

  // The client does not have this block: it comes from a peer, in the middle of a finished epoch.
  await lookUp(page, '400');
  await expect(page.getByRole('heading', { name: 'Block 400' })).toBeFocused();
  await expect(page.getByTestId('block-verdict')).toContainText('block by block, from macro block 456');
  await expect(page).toHaveURL(/#\/block\/400$/u);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await serious(page), colorScheme).toEqual([]);
  }
  const hash = await page.getByTestId('block-hash').innerText();
  await page.getByRole('button', { name: 'Copy: Hash' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(hash);

  await page.getByRole('link', { name: 'Parent 399' }).click();
  await expect(page.getByRole('heading', { name: 'Block 399' })).toBeVisible();
  await page.getByRole('link', { name: 'Election block before: 328' }).click();
  await expect(page.getByText('Macro block (election block)')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Block 328' })).toBeVisible();
  await lookUp(page, hash);
  await untilBlock(page, hash);

  // A block that does not exist yet is shown as soon as it does.
  await lookUp(page, String(devnet.head.height + 1));
  await expect(page.getByText('Petrel knows no block so high yet')).toBeVisible();
  await devnet.produce(1);
  await untilBlock(page, devnet.head.hash);
  await page.getByRole('link', { name: 'Back to the chain' }).click();
  await untilHead(page, devnet.head);
  await page.getByTestId('final').click();
  await expect(page.getByRole('heading', { name: 'Block 456' })).toBeVisible();

  // The page reports a truncated block address, instead of showing the overview.
  await page.evaluate((cut) => (location.hash = `#/block/${cut}`), hash.slice(0, 40));
  await untilHead(page, devnet.head);
  await expect(page.getByText(`asks for the block “${hash.slice(0, 40)}”`)).toBeVisible();
});

test('every dot of the chain opens its block, including a reverted one', async ({ startDevnet, openApp }) => {
  const devnet = await startDevnet('--seed', 'dots');
  await devnet.produce(5);
  const page = await openApp(devnet);
  await untilEstablished(page);
  await devnet.produce(3);
  await untilHead(page, devnet.head);
  await devnet.command({ do: 'fork', back: 1, n: 2 });
  await untilHead(page, devnet.head);
  await page.getByTestId('branch').getByRole('link').click();
  await expect(page.getByTestId('block-verdict')).toHaveAttribute('data-place', 'reverted');
  await page.goBack();
  await page.getByRole('group', { name: 'reverted' }).getByRole('link', { name: String(devnet.head.height) }).last().click();
  await untilBlock(page, devnet.head.hash);
});

test.describe('from the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the address of a block opens offline', async ({ startDevnet, context }) => {
    const deploy = new Deploy();
    const devnet = await startDevnet('--seed', 'block-offline', '--epochs', '1');
    await devnet.produce(3);
    const url = appUrl({ url: await deploy.start(), files: {} }, devnet);
    const page = await context.newPage();
    await page.goto(`${url}#/block/328`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await untilEstablished(page);
    await expect(page.getByTestId('block')).toHaveAttribute('data-state', 'found');
    const hash = await page.getByTestId('block-hash').innerText();
    await page.goto('about:blank');
    await devnet.stop();
    await deploy.end();
    await page.goto(`${url}#/block/328`);
    await untilBlock(page, hash);
    await page.reload();
    await untilBlock(page, hash);
  });
});
