import type { Page } from '@playwright/test';
import { fakeConfirm, paidBy } from './support/fake-confirm.ts';
import { expect } from './support/fixtures.ts';
import { test } from './support/users-browser.ts';
import { ask, embedUrl, frameOf, widgetTag } from './support/widget-host.ts';

/** The widget as users have it: its storage is kept apart by the embedding site. */

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const live = (page: Page, at = 0) => expect(frameOf(page, at).getByTestId('connection')).toHaveAttribute('data-state', 'live');
/** How many pages share the client of a frame. */
const sharing = (page: Page, at = 0) => frameOf(page, at).locator('html').evaluate(async () => (await navigator.locks.query()).held!.filter(({ name }) => name!.includes('/tab/')).length);

test('W6, W7: two widgets of a site share one client with its storage; another site has its own', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'partitioned');
  await devnet.produce(2);
  const tag = widgetTag(embedUrl(site, devnet), { address: RICH });
  const page = await openHost(`${tag}${tag}`);
  for (const at of [0, 1]) await expect(frameOf(page, at).getByTestId('balance')).toHaveAttribute('data-luna', '1000000000000');
  expect(await ask(page, 'getStatus')).toMatchObject({ storage: 'indexeddb' });
  await expect(frameOf(page).getByTestId('memory')).toBeHidden();
  // Each hub has its own identity on the network. Both frames have one hub.
  const hubs = () => new Set(devnet.since(0, 'connection-open').map(({ remote }) => remote)).size;
  expect(hubs()).toBe(1);
  const locks = await sharing(page);

  const other = await openHost(tag, { site: 'b', path: '/b' });
  await expect(frameOf(other).getByTestId('balance')).toHaveAttribute('data-luna', '1000000000000');
  expect(hubs()).toBe(2);
  expect(await sharing(page)).toBe(locks);
  expect(await sharing(other)).toBe(locks / 2);
});

test('W10: what a person shared is kept for the site, and for no other', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'kept');
  await devnet.produce(1);
  const { asked } = await fakeConfirm(context, site, ({ nonce }) => ({ nonce, kind: 'accounts', addresses: [RICH] }));
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await live(page);
  const first = ask(page, 'listAccounts');
  await frameOf(page).getByRole('button', { name: 'Check and confirm' }).click();
  expect(await first).toEqual([RICH]);
  await page.reload();
  await live(page);
  expect(await ask(page, 'listAccounts')).toEqual([RICH]);
  expect(asked).toHaveLength(1);
  const other = await openHost(widgetTag(embedUrl(site, devnet)), { site: 'b', path: '/b' });
  await live(other);
  const asks = ask(other, 'listAccounts');
  await frameOf(other).getByRole('button', { name: 'Refuse' }).click();
  expect(await asks).toMatchObject({ error: 4001 });
});

test('W8: after a page comes back from the back/forward cache, or anew, its widget tells the chain as it is', async ({ startDevnet, site, openHost, hosts }) => {
  const devnet = await startDevnet('--seed', 'back');
  await devnet.produce(1);
  hosts.pages.set('/away', { body: 'elsewhere', script: '' });
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: RICH }));
  await expect(frameOf(page).getByTestId('balance')).toBeVisible();
  await page.goto(hosts.url('a', '/away'));
  await devnet.produce(2);
  // A page from that cache has no new load event.
  await page.goBack({ waitUntil: 'commit' });
  await expect.poll(() => ask(page, 'getBlockNumber')).toBe(devnet.head.height);
  await devnet.produce(1);
  await expect.poll(() => ask(page, 'getBlockNumber')).toBe(devnet.head.height);
});

test('W13: a payment that was under way when the page was closed is found again at the next visit', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'found again');
  await devnet.produce(2);
  await fakeConfirm(context, site, (request) => paidBy(devnet, request));
  const body = widgetTag(embedUrl(site, devnet), { view: 'pay', amount: '1', recipient: NOBODY });
  const page = await openHost(body);
  await live(page);
  await frameOf(page).getByRole('button', { name: 'Pay 1 NIM' }).click();
  await expect(frameOf(page).getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  const hash = await frameOf(page).getByTestId('payment').getAttribute('data-hash');
  await page.close();
  await devnet.produce(1);
  const again = await openHost(body);
  await expect(frameOf(again).getByTestId('payment')).toHaveAttribute('data-state', 'included');
  expect(await frameOf(again).getByTestId('payment').getAttribute('data-hash')).toBe(hash);
});
