import type { Page } from '@playwright/test';
import { Address } from '../src/keys/address.ts';
import { KeyPair } from '../src/keys/key-pair.ts';
import { networkIdOf } from '../src/keys/network-names.ts';
import { PrivateKey } from '../src/keys/private-key.ts';
import { TransactionBuilder } from '../src/keys/transaction-builder.ts';
import type { ConfirmRequest } from '../src/widget/confirm-messages.ts';
import { importKey, openConfirm, ownPage, untilReady } from './support/confirm.ts';
import type { DevnetProcess } from './support/devnet.ts';
import { expect } from './support/fixtures.ts';
import { pictures, widgetPictures } from './support/pictures.ts';
import { checkWords, follow, fund, makeAccount, openAccount, PASSWORD, untilTotal, walletUrl } from './support/wallet.ts';
import { test as partitioned } from './support/users-browser.ts';
import { ask, embedUrl, frameOf, test, widgetTag } from './support/widget-host.ts';

/** Pictures of every state of the wallet, the confirmation and the widget, for `docs/screenshots/wallet.md`. */

const CAFE = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const SHOP = 'https://shop.example';
const of = (name: string) => `wallet/${name}`;

/** A payment to the page's account, in a block. */
async function receive(page: Page, devnet: DevnetProcess, to: string, value: number, total: number): Promise<void> {
  await devnet.command({ do: 'send', from: 0, to, value, fee: 200 });
  await follow([page], devnet, 1);
  await untilTotal(page, total);
}

test('the wallet: from the first visit to the history, sending and receiving', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'pictures of the wallet');
  await devnet.produce(2);
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  await expect(page.getByRole('button', { name: 'New account' })).toBeVisible();
  await expect(page.getByTestId('phase')).toHaveAttribute('data-phase', 'established');
  await pictures(page, of('first-visit'));
  await page.getByRole('button', { name: 'Import words' }).click();
  await pictures(page, of('import-words'));
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Import a key' }).click();
  await pictures(page, of('import-key'));
  await page.getByRole('button', { name: 'Back' }).click();
  const words = await makeAccount(page);
  await pictures(page, of('words'));
  await checkWords(page, words);
  const address = (await page.getByTestId('address-card').getAttribute('data-address'))!;
  await untilTotal(page, 0);
  await pictures(page, of('empty'));
  await fund(page, devnet, address, 25_000_000);
  await receive(page, devnet, address, 1_234_567, 26_234_567);
  await pictures(page, of('overview-pending'));

  await page.getByRole('link', { name: 'Receive' }).first().click();
  await page.getByLabel('Amount in NIM').fill('12.5');
  await page.getByLabel('Message').fill('Order 5');
  await expect(page.getByTestId('qr')).toBeVisible();
  await pictures(page, of('receive'));

  await page.getByRole('link', { name: 'Send', exact: true }).first().click();
  await page.getByLabel('Recipient’s address').fill(CAFE);
  await page.getByLabel('Amount in NIM').fill('12.5');
  await page.getByLabel('Message').fill('Coffee and cake');
  await expect(page.getByTestId('recipient').getByTestId('identicon')).toHaveAttribute('data-drawn', 'true');
  await pictures(page, of('send'));
  await page.getByRole('button', { name: 'Review' }).click();
  const password = page.getByLabel('Password of this account', { exact: true });
  await expect(password).toBeVisible();
  await pictures(page, of('locked'));
  await password.fill('a guess');
  await page.getByRole('button', { name: 'Sign and send' }).click();
  await expect(page.getByTestId('form-problem')).toBeVisible();
  await pictures(page, of('wrong-password'));
  await password.fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign and send' }).click();
  const payment = page.getByTestId('payment');
  await expect(payment).toHaveAttribute('data-state', 'sent');
  await pictures(page, of('sent'));
  await follow([page], devnet, 1);
  await expect(payment).toHaveAttribute('data-state', 'included');
  await pictures(page, of('included'));
  await follow([page], devnet, 32);
  await expect(payment).toHaveAttribute('data-state', 'confirmed');
  await pictures(page, of('final'));

  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await untilTotal(page, 24_984_567);
  await follow([page], devnet, 32);
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-kind', 'final');
  await page.getByTestId('transaction').first().locator('summary').click();
  await pictures(page, of('history'));
  await page.evaluate(() => void (document.documentElement.dir = 'rtl'));
  await pictures(page, of('right-to-left'));
  await page.evaluate(() => void (document.documentElement.dir = 'ltr'));
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await pictures(page, of('settings'));
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await untilTotal(page, 24_984_567);
  await devnet.stop();
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-kind', 'kept');
  await pictures(page, of('offline'));
  await page.goto(`${site.url}wallet?network=nowhere`);
  await expect(page.getByTestId('problem')).toBeVisible();
  await pictures(page, of('error'));
});

test('the wallet: an account with stake, and one that is not backed up', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'pictures of stake');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  const page = await context.newPage();
  await page.goto(walletUrl(site, devnet));
  const address = await openAccount(page);
  await fund(page, devnet, address, 50_000_000);
  await page.getByRole('link', { name: 'Add an account' }).click();
  await page.getByRole('button', { name: 'Import a key' }).click();
  await page.getByLabel('Or paste it').fill(rich!.privateKey);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Repeat the password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const card = page.getByTestId('address-card').filter({ hasText: rich!.address.slice(0, 4) }).last();
  await card.click();
  const keys = KeyPair.derive(PrivateKey.fromHex(rich!.privateKey));
  const validator = await page.evaluate(async () => (await petrel!.staking.getElected()).value[0]!.address);
  const stake = TransactionBuilder.newCreateStaker(Address.fromString(rich!.address), Address.fromString(validator), 123_450_000n, 0n, devnet.head.height, networkIdOf('unitalbatross'));
  stake.sign(keys, undefined);
  await devnet.command({ do: 'send', transaction: stake.toHex() });
  await follow([page], devnet, 1);
  await expect(page.getByTestId('stake')).toBeVisible();
  await expect(page.getByTestId('transaction')).toHaveCount(2);
  await pictures(page, of('staking'));
});

test('the confirmation: a payment, a signature, accounts, and what is refused', async ({ startDevnet, site, context }) => {
  const devnet = await startDevnet('--seed', 'pictures of the confirmation');
  await devnet.produce(2);
  const opener = await ownPage(context, site);
  let nonces = 0;
  const shown = async (name: string, request: Record<string, unknown>, until: (popup: Page) => Promise<unknown>) => {
    const nonce = String((nonces += 1)).padStart(32, '0');
    const { popup } = await openConfirm(opener, { nonce, host: SHOP, network: 'unit-albatross', ...request } as unknown as ConfirmRequest, devnet);
    await until(popup);
    await pictures(popup, of(`confirm-${name}`), 480);
    await popup.close();
  };
  const payment = { kind: 'payment', recipient: CAFE, value: '1250000', message: 'Order 5' };
  const paying = async (popup: Page) => {
    await untilReady(popup);
    await expect(popup.getByTestId('chain')).toHaveAttribute('data-state', 'established');
    await expect(popup.getByTestId('balance')).toHaveAttribute('data-luna', /\d/u);
    await expect(popup.getByTestId('acquaintance')).toBeVisible();
  };
  await shown('no-account', { kind: 'accounts' }, (popup) => expect(popup.getByTestId('no-account')).toBeVisible());
  await importKey(opener, devnet.started.accounts[0]!.privateKey, 'Savings');
  await shown('payment', payment, paying);
  await shown('high-fee', { ...payment, value: '100000', fee: '5000000' }, paying);
  await shown('signature', { kind: 'message', message: 'I am the owner of this address.' }, untilReady);
  await shown('hostile-signature', { kind: 'message', message: 'Pay \u202e000,1\u202c NIM to p\u0430ypal\u200b' }, untilReady);
  await importKey(opener, '11'.repeat(32), 'Empty');
  await shown('accounts', { kind: 'accounts' }, (popup) => expect(popup.getByTestId('own-address')).toHaveCount(2));
  await shown('refused', { ...payment, value: '1.5' }, (popup) => expect(popup.getByTestId('explanation')).toBeVisible());
});

const body = '<style>body { background: #eef3f4; margin: 0; padding: 24px; width: 360px }</style>';

partitioned('the widget: watching, asking, paying, and offline', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'pictures of the widget');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  await devnet.command({ do: 'send', from: 0, to: CAFE, value: 1_250_000, fee: 0 });
  await devnet.produce(1);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: rich!.address }), { head: body });
  const widget = page.locator('petrel-widget');
  const frame = frameOf(page);
  const drawn = () => frame.locator('[data-testid=identicon][data-drawn=true]').first().waitFor();
  const show = async (attributes: Record<string, string>, until: () => Promise<unknown>, name: string) => {
    await widget.evaluate((element, next) => Object.entries(next).forEach(([key, value]) => element.setAttribute(key, value)), attributes);
    await until();
    await widgetPictures(widget, of(`widget-${name}`));
  };
  await show({ view: 'balance' }, async () => {
    await expect(frame.getByTestId('balance')).toBeVisible();
    await drawn();
  }, 'balance');
  await show({ view: 'history', address: CAFE }, () => expect(frame.getByTestId('transaction')).toBeVisible(), 'history');
  await show({ view: 'status' }, () => expect(frame.getByTestId('head')).toBeVisible(), 'status');
  await show({ view: 'pay', amount: '12.5', recipient: CAFE, message: 'Order 5' }, drawn, 'pay');
  await widget.evaluate((element) => element.setAttribute('view', 'balance'));
  void ask(page, 'listAccounts').catch(() => undefined);
  await show({}, () => expect(frame.getByTestId('ask')).toBeVisible(), 'asks');
  await frame.getByRole('button', { name: 'Refuse' }).click();
  await devnet.stop();
  await show({}, () => expect(frame.getByTestId('as-of')).toBeVisible(), 'offline');
});

test('the widget: without storage, and refused', async ({ startDevnet, site, openHost }) => {
  const devnet = await startDevnet('--seed', 'pictures without storage');
  await devnet.produce(2);
  const page = await openHost(widgetTag(embedUrl(site, devnet), { address: devnet.started.accounts[0]!.address }), { head: body });
  const widget = page.locator('petrel-widget');
  await expect(frameOf(page).getByTestId('balance')).toBeVisible();
  await frameOf(page).locator('[data-testid=identicon][data-drawn=true]').waitFor();
  await widgetPictures(widget, of('widget-no-storage'));
  await widget.evaluate((element) => element.setAttribute('address', 'NQ00'));
  await expect(frameOf(page).getByRole('alert')).toBeVisible();
  await widgetPictures(widget, of('widget-error'));
});
