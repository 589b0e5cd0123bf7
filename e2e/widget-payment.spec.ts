import type { Page } from '@playwright/test';
import type { DevnetProcess } from './support/devnet.ts';
import { fakeConfirm, paidBy } from './support/fake-confirm.ts';
import { expect } from './support/fixtures.ts';
import { ask, collectEvents, embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

/** What a site asks of a person, and `/confirm` answers. A small page plays `/confirm`, so that each of its answers can be had. */

const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const pay = { view: 'pay', amount: '12.5', recipient: NOBODY, message: 'Order 5' };

const ready = (page: Page) => expect(frameOf(page).getByTestId('connection')).toHaveAttribute('data-state', 'live');
const goOn = (page: Page) => frameOf(page).getByRole('button', { name: 'Check and confirm' });

/** Begins a request; the returned function gives its answer. */
async function begin(page: Page, method: string, params: unknown): Promise<() => Promise<unknown>> {
  const answer = ask(page, method, params);
  answer.catch(() => undefined);
  await expect(frameOf(page).getByTestId('ask')).toBeVisible();
  return () => answer;
}

async function follow(page: Page, devnet: DevnetProcess, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) {
    await devnet.produce(1);
    const { height } = devnet.head;
    await expect.poll(() => ask(page, 'getBlockNumber')).toBe(height);
  }
}

test('W13: a payment is asked for, signed at /confirm, sent by the frame, included and final; the host is told each', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'pay');
  await devnet.produce(2);
  const { asked } = await fakeConfirm(context, site, (request) => paidBy(devnet, request));
  const page = await openHost(widgetTag(embedUrl(site, devnet), pay));
  const told = await collectEvents(page);
  const frame = frameOf(page);
  await expect(frame.getByTestId('amount')).toHaveAttribute('data-luna', '1250000');
  await frame.getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  expect(asked).toEqual([expect.objectContaining({ kind: 'payment', host: new URL(page.url()).origin, network: 'unit-albatross', recipient: NOBODY, value: '1250000', message: 'Order 5' })]);
  await expect.poll(() => context.pages().length).toBe(1);
  await devnet.untilTaken(await frame.getByTestId('payment').getAttribute('data-hash'));
  await follow(page, devnet, 1);
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'included');
  await follow(page, devnet, 32);
  await expect(frame.getByTestId('payment')).toHaveAttribute('data-state', 'confirmed');
  const hash = await frame.getByTestId('payment').getAttribute('data-hash');
  expect((await told()).filter(({ type }) => type === 'payment').map(({ detail }) => [detail['state'], detail['hash']])).toEqual([['sent', hash], ['included', hash], ['confirmed', hash]]);
});

test('W9, W12: a closed window and a refusal are 4001; a double click opens one window; requests wait for each other, each shown whole', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'refuse');
  await devnet.produce(1);
  let mode: 'wait' | 'refuse' | 'no-account' = 'wait';
  await fakeConfirm(context, site, ({ nonce }) => (mode === 'wait' ? undefined : { nonce, kind: 'refused', reason: mode === 'refuse' ? 'rejected' : mode }));
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await ready(page);
  const first = await begin(page, 'sendBasicTransactionWithData', { recipient: RICH, value: 150_000, data: 'Thank you' });
  const frame = frameOf(page);
  await expect(frame.getByTestId('ask')).toContainText('asks you to pay');
  await expect(frame.getByTestId('ask')).toContainText('1.50 NIM');
  await expect(frame.getByTestId('ask')).toContainText('Thank you');
  const popup = context.waitForEvent('page');
  await goOn(page).dblclick();
  const window = await popup;
  await expect(frame.getByTestId('ask')).toHaveAttribute('data-stage', 'open');
  expect(context.pages()).toHaveLength(2);
  const second = ask(page, 'listAccounts');
  await expect(frame.getByText('1 more after this one.')).toBeVisible();
  await window.close();
  expect(await first()).toEqual({ error: 4001, data: { reason: 'closed' } });

  await expect(frame.getByTestId('ask')).toHaveAttribute('data-kind', 'accounts');
  mode = 'refuse';
  await goOn(page).click();
  expect(await second).toEqual({ error: 4001, data: { reason: 'rejected' } });
  await expect.poll(() => context.pages().length).toBe(1);

  mode = 'no-account';
  const third = await begin(page, 'sign', 'text');
  await goOn(page).click();
  expect(await third()).toEqual({ error: 4100, data: { reason: 'no-account' } });
  const fourth = await begin(page, 'sign', 'text');
  await frame.getByRole('button', { name: 'Refuse' }).click();
  expect(await fourth()).toEqual({ error: 4001, data: { reason: 'rejected' } });
});

test('W10: accounts that were shared are known without asking, to this site alone, until it is taken back', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'accounts');
  await devnet.produce(1);
  const { asked } = await fakeConfirm(context, site, ({ nonce }) => ({ nonce, kind: 'accounts', addresses: [RICH] }));
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await ready(page);
  const first = await begin(page, 'listAccounts', undefined);
  await goOn(page).click();
  expect(await first()).toEqual([RICH]);
  expect(await ask(page, 'listAccounts')).toEqual([RICH]);
  expect(asked).toHaveLength(1);
  const frame = frameOf(page);
  await frame.getByRole('button', { name: 'What this site may do' }).click();
  await expect(frame.getByTestId('granted-accounts')).toContainText(RICH);

  const other = await openHost(widgetTag(embedUrl(site, devnet)), { site: 'b', path: '/b' });
  await ready(other);
  const asks = await begin(other, 'listAccounts', undefined);
  await frameOf(other).getByRole('button', { name: 'Refuse' }).click();
  expect(await asks()).toMatchObject({ error: 4001 });

  await frame.getByRole('button', { name: 'Take back' }).click();
  await expect(frame.getByTestId('granted-accounts')).toBeHidden();
  const again = await begin(page, 'listAccounts', undefined);
  await frame.getByRole('button', { name: 'Refuse' }).click();
  expect(await again()).toMatchObject({ error: 4001 });
});

test('W9: the provider signs messages, and hands on what the person signed', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'sign');
  await devnet.produce(1);
  const { asked } = await fakeConfirm(context, site, ({ nonce }) => ({ nonce, kind: 'message', publicKey: 'ab'.repeat(32), signature: 'cd'.repeat(64) }));
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await ready(page);
  const signed = await begin(page, 'sign', { message: 'I am here' });
  await expect(frameOf(page).getByTestId('ask')).toContainText('I am here');
  await goOn(page).click();
  expect(await signed()).toEqual({ publicKey: 'ab'.repeat(32), signature: 'cd'.repeat(64) });
  expect(asked).toEqual([expect.objectContaining({ kind: 'message', message: 'I am here' })]);
});

test('W12: where no window can be opened, the person may try once more, and then it is 4001', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'blocked');
  await devnet.produce(1);
  // As a blocker of popups does.
  await context.addInitScript(() => (globalThis.open = () => null));
  const page = await openHost(widgetTag(embedUrl(site, devnet)));
  await ready(page);
  const signed = await begin(page, 'sign', 'text');
  await goOn(page).click();
  await expect(frameOf(page).getByTestId('ask')).toHaveAttribute('data-stage', 'not-opened');
  await frameOf(page).getByRole('button', { name: 'Try once more' }).click();
  expect(await signed()).toEqual({ error: 4001, data: { reason: 'not-opened' } });
  expect(context.pages()).toHaveLength(1);
});

test('W12: on a host with an opener policy the first window cannot talk, and no second one opens by itself', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'coop');
  await devnet.produce(1);
  await fakeConfirm(context, site, () => undefined);
  const page = await openHost(widgetTag(embedUrl(site, devnet)), { headers: { 'Cross-Origin-Opener-Policy': 'same-origin' } });
  await ready(page);
  const signed = await begin(page, 'sign', 'text');
  await goOn(page).click();
  await expect(frameOf(page).getByTestId('ask')).toHaveAttribute('data-stage', 'not-opened');
  expect(context.pages().length).toBeLessThanOrEqual(2);
  await frameOf(page).getByRole('button', { name: 'Refuse' }).click();
  expect(await signed()).toMatchObject({ error: 4001 });
});

test('W12: an isolated host with the attribute redirect is paid by the way to /confirm and back', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'redirect');
  await devnet.produce(2);
  const { asked } = await fakeConfirm(context, site, (request) => paidBy(devnet, request));
  const page = await openHost(widgetTag(embedUrl(site, devnet), { ...pay, redirect: '' }), {
    path: '/shop',
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
  });
  await page.evaluate(() => history.replaceState(null, '', '#cart'));
  const home = page.url();
  await frameOf(page).getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  await expect(frameOf(page).getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  expect(page.url()).toBe(home);
  expect(asked).toHaveLength(1);
  await devnet.untilTaken(await frameOf(page).getByTestId('payment').getAttribute('data-hash'));
  await follow(page, devnet, 1);
  await expect(frameOf(page).getByTestId('payment')).toHaveAttribute('data-state', 'included');
  // The answer is taken once.
  await page.reload();
  await ready(page);
  expect(page.url()).toBe(home);
  await expect(frameOf(page).getByTestId('amount')).toBeVisible();
  await expect(frameOf(page).getByTestId('payment')).toBeHidden();
});

test('W13: a payment that no block may hold any more is not sent, and that is said', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'expired');
  await devnet.produce(2);
  await fakeConfirm(context, site, (request) => paidBy(devnet, request, 1));
  const page = await openHost(widgetTag(embedUrl(site, devnet), pay));
  const told = await collectEvents(page);
  await ready(page);
  await frameOf(page).getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  await expect.poll(async () => (await told()).map(({ type, detail }) => [type, detail['state'] ?? detail['reason']])).toContainEqual(['error', 'invalid-transaction']);
  await expect(frameOf(page).getByRole('alert')).toContainText('could not be sent (invalid-transaction)');
  await expect(frameOf(page).getByTestId('payment')).toBeHidden();
});

test('W10: a host that names another network later is paid on the one that is shown', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'network');
  await devnet.produce(2);
  const { asked } = await fakeConfirm(context, site, (request) => ({ nonce: request.nonce, kind: 'refused', reason: 'rejected' }));
  // The element starts the frame anew for another network; this host changes what the element says.
  const swap = `const say = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (message, ports) {
      return say.call(this, message?.options ? { options: { ...message.options, network: 'main-albatross' } } : message, ports);
    };`;
  const page = await openHost(widgetTag(embedUrl(site, devnet), pay), { head: `<script>${swap}</script>` });
  await ready(page);
  await page.locator('petrel-widget').evaluate((widget) => widget.setAttribute('amount', '13'));
  await frameOf(page).getByRole('button', { name: 'Pay 13 NIM' }).click();
  await expect.poll(() => asked.map(({ network }) => network)).toEqual(['unit-albatross']);
});

test('W13: a payment that is signed while nobody sees the frame, as on a phone, is sent all the same', async ({ startDevnet, site, openHost, context }) => {
  const devnet = await startDevnet('--seed', 'phone');
  await devnet.produce(2);
  let sign = (): void => undefined;
  const signed = new Promise<void>((resolve) => {
    sign = resolve;
  });
  const { asked } = await fakeConfirm(context, site, (request) => signed.then(() => paidBy(devnet, request)));
  const page = await openHost(widgetTag(embedUrl(site, devnet), pay));
  await frameOf(page).getByRole('button', { name: 'Pay 12.50 NIM' }).click();
  await expect.poll(() => asked.length).toBe(1);
  await page.locator('petrel-widget').evaluate((widget) => (widget as HTMLElement).style.setProperty('margin-top', '1000vh'));
  await expect(frameOf(page).getByTestId('connection')).toHaveAttribute('data-state', 'paused');
  sign();
  await expect(frameOf(page).getByTestId('payment')).toHaveAttribute('data-state', 'sent');
  expect(asked).toHaveLength(1);
});
