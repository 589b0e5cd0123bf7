import type { Frame, Page } from '@playwright/test';
import { importKey, openConfirm, ownPage, untilReady } from './support/confirm.ts';
import { wrongFromRightToLeft } from './support/mirrored.ts';
import { checkWords, follow, fund, makeAccount, untilTotal, walletUrl } from './support/wallet.ts';
import { expect } from './support/fixtures.ts';
import { embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

/** Whether the first character of the text stands at the left of the last one. */
const runsToTheRight = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).first().evaluate((element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const ranges: Range[] = [];
    while (texts.nextNode()) {
      const { length } = texts.currentNode as Text;
      for (const at of [0, length - 1]) {
        const range = document.createRange();
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + 1);
        ranges.push(range);
      }
    }
    return ranges[0]!.getBoundingClientRect().left < ranges.at(-1)!.getBoundingClientRect().left;
  });

async function mirrored(page: Page, what: string, target: Page | Frame = page, widths: readonly number[] = [280, 360, 1000]): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    expect(await wrongFromRightToLeft(target), `${what}, ${width} px`).toEqual([]);
  }
}

test('the wallet from right to left: mirrored, nothing cut off, amounts and addresses as they are', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'from right to left');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  await expect(page.getByRole('button', { name: 'New account' })).toBeVisible();
  await mirrored(page, 'first visit');
  const words = await makeAccount(page);
  await mirrored(page, 'words');
  await checkWords(page, words);
  const address = (await page.getByTestId('address-card').getAttribute('data-address'))!;
  await untilTotal(page, 0);
  await fund(page, devnet, address, 1_234_567_890);
  await follow([page], devnet, 32);
  await expect(page.getByTestId('transaction')).toHaveAttribute('data-state', 'confirmed');
  await mirrored(page, 'overview');
  for (const each of ['.amount', 'time']) expect(await runsToTheRight(page, `[data-testid=transaction] ${each}`), each).toBe(true);
  await page.getByTestId('transaction').locator('summary').click();
  await mirrored(page, 'a transaction');
  expect(await runsToTheRight(page, '[data-testid=transaction] .hash')).toBe(true);
  await page.getByRole('link', { name: 'Receive' }).first().click();
  await expect(page.getByTestId('qr')).toBeVisible();
  await mirrored(page, 'receive');
  await page.getByRole('link', { name: 'Send', exact: true }).first().click();
  await page.getByLabel('Recipient’s address').fill(NOBODY);
  await page.getByLabel('Amount in NIM').fill('1.5');
  await expect(page.getByTestId('recipient').getByTestId('identicon')).toHaveAttribute('data-drawn', 'true');
  await mirrored(page, 'send');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('button', { name: 'Sign and send' })).toBeVisible();
  await mirrored(page, 'review');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await mirrored(page, 'settings');
});

test('the widget and the confirmation from right to left', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'widget from right to left');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  const src = embedUrl(site, devnet);
  const views = [{ view: 'balance', address: rich!.address }, { view: 'history', address: rich!.address }, { view: 'pay', amount: '12.5', recipient: NOBODY, message: 'Order 5' }, { view: 'status' }];
  const page = await openHost(views.map((view) => widgetTag(src, view)).join(''), { head: '<meta name="viewport" content="width=device-width"><style>body { margin: 0 }</style>' });
  await expect(frameOf(page, 0).getByTestId('balance')).toBeVisible();
  await expect(frameOf(page, 2).getByRole('button', { name: 'Pay 12.50 NIM' })).toBeEnabled();
  await page.setViewportSize({ width: 360, height: 800 });
  for (const [at, { view }] of views.entries()) {
    await frameOf(page, at).locator('.identicon[data-drawn=false]').first().waitFor({ state: 'detached' });
    const frame = await (await page.locator('petrel-widget').nth(at).locator('iframe').elementHandle())!.contentFrame();
    await mirrored(page, `widget, ${view}`, frame!, [280, 360]);
  }

  const own = await ownPage(context, site);
  await importKey(own, rich!.privateKey, 'Savings');
  const request = { kind: 'payment', nonce: '7'.repeat(32), host: 'https://shop.example', network: 'unit-albatross', recipient: NOBODY, value: '1250000', message: 'Order 5' } as const;
  const { popup } = await openConfirm(own, request, devnet);
  await untilReady(popup);
  await expect(popup.getByTestId('balance')).toHaveAttribute('data-luna', /\d/u);
  await mirrored(popup, 'confirmation');
});
