import { importKey, ownPage, PASSWORD, seeAll, untilReady } from './support/confirm.ts';
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
  await devnet.produce(1);
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'included');

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
