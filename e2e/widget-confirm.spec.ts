import { importKey, linkTo, ownPage, PASSWORD, seeAll, untilReady } from './support/confirm.ts';
import { expect } from './support/fixtures.ts';
import { ask, embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

/** The widget's frame and the page `/confirm` together, in the browser of a person who has an account. */

const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

test('W13: a person pays through the widget: shown and signed at /confirm, then sent and included in the frame', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'pay whole');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  const wallet = await ownPage(context, site);
  await importKey(wallet, rich!.privateKey, 'Savings');
  await wallet.close();
  const page = await openHost(widgetTag(embedUrl(site, devnet), { view: 'pay', amount: '12.5', recipient: NOBODY, message: 'Order 5' }));
  const frame = frameOf(page);
  const opened = context.waitForEvent('page');
  await frame.getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  const popup = await opened;
  await expect(popup.getByTestId('host')).toHaveAttribute('data-host', new URL(page.url()).origin);
  await expect(popup.getByTestId('value')).toHaveAttribute('data-luna', '1250000');
  await expect(popup.getByTestId('message')).toHaveText('Order 5');
  await untilReady(popup);
  await seeAll(popup);
  await popup.getByLabel('Password of “Savings”').fill(PASSWORD);
  await popup.getByRole('button', { name: 'Pay' }).click();
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  await expect.poll(() => popup.isClosed()).toBe(true);
  await devnet.untilTaken(await frame.getByTestId('payment').getAttribute('data-hash'));
  await devnet.produce(1);
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'included');
  // Paying twice is no matter of course.
  await expect(frame.getByRole('button', { name: 'Pay 12.50 NIM once more' })).not.toHaveClass(/main/u);

  // A person who closes the window has refused.
  const asked = ask(page, 'listAccounts');
  await expect(frame.getByTestId('ask')).toBeVisible();
  const second = context.waitForEvent('page');
  await frame.getByRole('button', { name: 'Check and confirm' }).click();
  const choosing = await second;
  await untilReady(choosing);
  await choosing.close();
  expect(await asked).toMatchObject({ error: 4001 });
});

test('W12: the way to /confirm and back, from a site that tells other sites nothing of itself; no other site asks in its name', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'redirect whole');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  const wallet = await ownPage(context, site);
  await importKey(wallet, rich!.privateKey, 'Savings');
  await wallet.close();
  const page = await openHost(widgetTag(embedUrl(site, devnet), { view: 'pay', amount: '12.5', recipient: NOBODY, redirect: '' }), {
    head: '<meta name="referrer" content="no-referrer">',
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
  });
  const home = page.url();
  await frameOf(page).getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  await expect(page.getByTestId('host')).toHaveAttribute('data-host', new URL(home).origin);
  await untilReady(page);
  await seeAll(page);
  await page.getByLabel('Password of “Savings”').fill(PASSWORD);
  await page.getByRole('button', { name: 'Pay' }).click();
  await expect(frameOf(page).getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  expect(page.url()).toBe(home);

  const request = { nonce: 'ab'.repeat(16), host: new URL(home).origin, network: 'unit-albatross', kind: 'payment', recipient: NOBODY, value: '5' };
  for (const rel of ['', 'noreferrer']) {
    const evil = await openHost(`<a rel="${rel}" href="${linkTo(site, request, home, devnet).replaceAll('&', '&amp;')}">A present</a>`, { site: 'evil', path: `/${rel}` });
    await evil.getByRole('link').click();
    await expect(evil.getByTestId('explanation')).toHaveAttribute('data-state', 'other-site');
    await evil.close();
  }
});

test('W11: a site that opens the wallet cannot change what a person enters there', async ({ site, openHost, context }) => {
  const page = await openHost('<button>Wallet</button>');
  await page.getByRole('button').evaluate((button, url) => button.addEventListener('click', () => ((globalThis as unknown as { opened: Window | null }).opened = window.open(url))), `${site.url}wallet#/send`);
  const opened = context.waitForEvent('page');
  await page.getByRole('button').click();
  const wallet = await opened;
  await expect(wallet.getByRole('button', { name: 'New account' })).toBeVisible();
  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { opened: Window | null }).opened?.closed)).toBe(true);
  expect(await wallet.evaluate(() => window.opener as unknown)).toBe(null);
});
