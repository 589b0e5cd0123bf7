import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Address } from '../src/keys/address.ts';
import { KeyPair } from '../src/keys/key-pair.ts';
import { PublicKey } from '../src/keys/public-key.ts';
import { PrivateKey } from '../src/keys/private-key.ts';
import { Signature } from '../src/keys/signature.ts';
import { verifySignedMessage } from '../src/keys/signed-message.ts';
import { Transaction } from '../src/keys/transaction.ts';
import type { ConfirmRequest } from '../src/widget/confirm-messages.ts';
import { closing, importKey, linkTo, openConfirm, ownPage, PASSWORD, returned, seeAll, untilReady } from './support/confirm.ts';
import { appUrl, expect, test } from './support/fixtures.ts';
import { serious } from './support/serious.ts';

const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const SHOP = 'https://shop.example';

let nonces = 0;
const base = (network = 'unit-albatross', host = SHOP) => ({ nonce: String((nonces += 1)).padStart(32, '0'), host, network });
const payment = (fields: Partial<Extract<ConfirmRequest, { kind: 'payment' }>> = {}): ConfirmRequest => ({ ...base(), kind: 'payment', recipient: NOBODY, value: '150000', message: 'Order 17', ...fields });

async function looksRight(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1000, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await serious(page), `${colorScheme}, ${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
    }
  }
}

test('a payment is shown as its bytes say, signed here, and seen in a block', async ({ startDevnet, openApp, context, site }) => {
  const devnet = await startDevnet('--seed', 'confirm payment');
  await devnet.produce(2);
  const [rich] = devnet.started.accounts;
  const opener = await ownPage(context, site);
  const sender = await importKey(opener, rich!.privateKey, 'Savings');
  const app = await openApp(devnet);
  const request = payment({ fee: '200' });
  const { popup, answer } = await openConfirm(opener, request, devnet);

  await expect(popup.getByTestId('host')).toHaveAttribute('data-host', SHOP);
  await expect(popup.getByTestId('value')).toHaveText('1.50000 NIM');
  await expect(popup.getByTestId('fee')).toContainText('1.50200 NIM');
  await expect(popup.getByTestId('recipient')).toHaveAttribute('data-address', NOBODY);
  await expect(popup.getByTestId('message')).toHaveText('Order 17');
  await expect(popup.getByTestId('development')).toBeVisible();
  await expect(popup.getByTestId('chain')).toHaveAttribute('data-state', 'established');
  await expect(popup.getByTestId('balance')).toHaveAttribute('data-luna', String(rich!.balance));
  await expect(popup.getByTestId('acquaintance')).toHaveAttribute('data-kind', 'never');
  await looksRight(popup);

  await untilReady(popup);
  await seeAll(popup);
  const password = popup.getByLabel('Password of “Savings”');
  await password.fill('wrong horse');
  await popup.keyboard.press('Enter');
  await expect(popup.getByTestId('problem')).toHaveText('This password does not open the account.');
  await password.fill(PASSWORD);
  await popup.getByRole('button', { name: 'Pay' }).click();

  const given = await answer();
  if (given.kind !== 'transaction') throw new Error(JSON.stringify(given));
  await expect.poll(() => popup.isClosed()).toBe(true);
  const transaction = Transaction.deserialize(Buffer.from(given.transaction, 'hex'));
  transaction.verify(1, 7);
  expect([given.nonce, transaction.hash(), transaction.sender.toUserFriendlyAddress(), transaction.value, transaction.validityStartHeight]).toEqual([request.nonce, given.hash, sender, 150_000n, devnet.head.height]);

  // The page gave it to the network itself.
  await devnet.untilTaken(given.hash);
  await devnet.produce(1);
  await app.goto(`${appUrl(site, devnet)}#/account/${NOBODY.replaceAll(' ', '')}`);
  await expect(app.getByTestId('transaction')).toHaveAttribute('data-hash', given.hash);
  await expect(app.getByTestId('transaction')).toHaveAttribute('data-state', 'included');

  // The next time the recipient is known.
  const again = await openConfirm(opener, payment(), devnet);
  await expect(again.popup.getByTestId('acquaintance')).toHaveAttribute('data-kind', 'paid');
  await again.popup.close();

  // W11: an address that begins and ends like one's own.
  const bytes = Address.fromString(sender).serialize();
  const alike = new Address(bytes.fill(7, 3, 17)).toUserFriendlyAddress();
  const trick = await openConfirm(opener, payment({ recipient: alike }), devnet);
  await expect(trick.popup.getByTestId('look-alike')).toContainText(sender);
  await looksRight(trick.popup);
  await trick.popup.close();
});

test('a stake on a network of its own, with a balance that is too low, and with a sender that is not here', async ({ startDevnet, context, site }, info) => {
  const file = info.outputPath('network.json');
  const devnet = await startDevnet('--seed', 'confirm staking', '--network-file', file, '--validators', '3');
  const network = '/nets/confirm.json';
  const parameters = readFileSync(file, 'utf8');
  site.files[network] = () => parameters;
  await devnet.produce(2);
  const opener = await ownPage(context, site);
  await importKey(opener, devnet.started.accounts[0]!.privateKey, 'Savings');
  await importKey(opener, '11'.repeat(32), 'Empty');
  const { popup, answer } = await openConfirm(opener, { ...base(network), kind: 'staking', action: 'create-staker', value: '10000000', delegation: NOBODY }, devnet);
  await expect(popup.getByTestId('staking')).toHaveText('Begin staking with 100.00000 NIM.');
  await expect(popup.getByTestId('validator')).toHaveAttribute('data-address', NOBODY);
  await popup.getByTestId('own-address').filter({ hasText: 'Empty' }).click();
  await expect(popup.getByTestId('too-little')).toHaveText('100.00000 NIM are missing for this.');
  await expect(popup.getByRole('button', { name: 'Sign' })).toBeDisabled();
  await popup.getByTestId('own-address').filter({ hasText: 'Savings' }).click();
  await seeAll(popup);
  await popup.getByLabel('Password of “Savings”').fill(PASSWORD);
  await popup.getByRole('button', { name: 'Sign' }).click();
  const given = await answer();
  if (given.kind !== 'transaction') throw new Error(JSON.stringify(given));
  Transaction.deserialize(Buffer.from(given.transaction, 'hex')).verify(1, (JSON.parse(parameters) as { readonly networkId: number }).networkId);

  const foreign = await openConfirm(opener, payment({ network, recipient: devnet.started.accounts[0]!.address, sender: NOBODY }), devnet);
  await untilShown(foreign.popup, 'no-account');
  await expect(foreign.popup.getByText('You do not have the key of this address')).toBeVisible();
  await closing(foreign.popup, foreign.popup.getByRole('button', { name: 'Tell the site' }).click({ delay: 600 }));
  expect(await foreign.answer()).toMatchObject({ kind: 'refused', reason: 'no-account' });
});

const untilShown = (page: Page, testId: string) => expect(page.getByTestId(testId)).toBeVisible();

test('W10: what one site may see, no other site and no other network gets, and it can be taken back', async ({ context, site }) => {
  const opener = await ownPage(context, site);
  const [first, second] = [await importKey(opener, '11'.repeat(32), 'One'), await importKey(opener, '22'.repeat(32), 'Two')];
  const ask = (network?: string, host?: string) => openConfirm(opener, { ...base(network, host), kind: 'accounts' });
  const shared = async (popup: Page) => {
    await untilReady(popup);
    return popup.getByTestId('own-address').filter({ has: popup.locator(':checked') }).evaluateAll((all) => all.map((it) => it.dataset['address']));
  };

  const one = await ask();
  expect(await shared(one.popup)).toEqual([]);
  await expect(one.popup.getByRole('button', { name: 'Share' })).toBeDisabled();
  await looksRight(one.popup);
  await one.popup.getByTestId('own-address').filter({ hasText: 'Two' }).click();
  await closing(one.popup, one.popup.getByRole('button', { name: 'Share' }).click());
  expect(await one.answer()).toMatchObject({ kind: 'accounts', addresses: [second] });

  for (const [network, host] of [['unit-albatross', 'https://other.example'], ['dev-albatross', SHOP]] as const) {
    const { popup, answer } = await ask(network, host);
    expect(await shared(popup)).toEqual([]);
    await closing(popup, popup.getByRole('button', { name: 'Reject' }).click());
    expect(await answer()).toMatchObject({ kind: 'refused', reason: 'rejected' });
  }

  const again = await ask();
  expect(await shared(again.popup)).toEqual([second]);
  await untilShown(again.popup, 'granted');
  await again.popup.close();
  // A signature with an address that was not shared is told as such.
  const signing = await openConfirm(opener, { ...base(), kind: 'message', message: 'Hello', signer: first });
  await untilShown(signing.popup, 'not-shared');
  await signing.popup.close();

  const grants = await context.newPage();
  await grants.goto(`${site.url}confirm#grants`);
  await expect(grants.getByTestId('grant')).toHaveCount(1);
  await expect(grants.getByTestId('grant')).toContainText(second);
  await looksRight(grants);
  await grants.getByRole('button', { name: `Remove ${SHOP}` }).click();
  await expect(grants.getByText('No site may see your addresses.')).toBeVisible();
  const revoked = await ask();
  expect(await shared(revoked.popup)).toEqual([]);
  await revoked.popup.close();
});

test('W11: input of the first half second does not count, nor of that after the page got the focus', async ({ context, site }) => {
  const opener = await ownPage(context, site);
  await importKey(opener, '11'.repeat(32), 'One');
  await context.clock.install();
  const { popup, answer } = await openConfirm(opener, { ...base(), kind: 'accounts' });
  await untilReady(popup);
  await popup.clock.pauseAt(Date.now() + 3_600_000);
  await popup.evaluate(() => dispatchEvent(new Event('focus')));
  const actions = popup.getByTestId('actions');
  await expect(actions).toHaveAttribute('data-ready', 'false');
  await expect(popup.getByTestId('hint')).toHaveText('One moment: input counts after half a second.');
  const share = popup.getByRole('button', { name: 'Share' });
  await share.evaluate((button) => button.focus());
  await popup.keyboard.press('Enter');
  await popup.keyboard.press(' ');
  const box = (await share.boundingBox())!;
  await popup.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await popup.clock.runFor(499);
  await popup.keyboard.press('Enter');
  await expect(actions).toHaveAttribute('data-ready', 'false');
  await expect(popup.getByTestId('asked')).toBeVisible();
  await popup.clock.runFor(1);
  await expect(actions).toHaveAttribute('data-ready', 'true');
  await closing(popup, popup.keyboard.press('Enter'));
  expect(await answer()).toMatchObject({ kind: 'accounts' });
});

test('W11: a hostile message is shown for what it is', async ({ context, site }) => {
  const opener = await ownPage(context, site);
  await importKey(opener, '11'.repeat(32), 'One');
  const message = 'Pay \u202e000,1\u202c NIM to p\u0430ypal\u200b\u0007';
  const { popup, answer } = await openConfirm(opener, { ...base('unit-albatross', 'http://xn--pypal-4ve.example'), kind: 'message', message });
  const shown = popup.getByTestId('message');
  await expect(shown).toHaveAttribute('data-clean', 'false');
  for (const codePoint of ['U+202E', 'U+202C', 'U+0430', 'U+200B', 'U+0007']) await expect(shown.getByText(codePoint)).toBeVisible();
  await expect(popup.getByTestId('message-hex')).toHaveText(Buffer.from(message).toString('hex').replaceAll(/..(?=.)/gu, '$& '));
  await untilShown(popup, 'other-letters');
  await untilShown(popup, 'not-encrypted');
  await looksRight(popup);
  // What is signed is the message with the wallets' prefix, whatever it looks like.
  await untilReady(popup);
  await seeAll(popup);
  await popup.getByLabel('Password of “One”').fill(PASSWORD);
  await popup.getByRole('button', { name: 'Sign' }).click();
  const given = await answer();
  if (given.kind !== 'message') throw new Error(JSON.stringify(given));
  const key = PublicKey.fromHex(given.publicKey);
  expect(key.toHex()).toBe(KeyPair.derive(PrivateKey.fromHex('11'.repeat(32))).publicKey.toHex());
  expect(verifySignedMessage(key, message, Signature.fromHex(given.signature))).toBe(true);
});

test('W11: a fee that no person would choose is pointed out, and the button names all that is paid', async ({ context, site }) => {
  const opener = await ownPage(context, site);
  await importKey(opener, '11'.repeat(32), 'One');
  const { popup } = await openConfirm(opener, payment({ value: '100000', fee: '5000000' }));
  await expect(popup.getByTestId('high-fee')).toBeVisible();
  await expect(popup.getByRole('button', { name: 'Pay 51' })).toBeVisible();
  await looksRight(popup);
});

test('W11: nothing is signed before all of it was in view', async ({ context, site }) => {
  const page = await ownPage(context, site);
  await importKey(page, '11'.repeat(32), 'One');
  await page.setViewportSize({ width: 320, height: 560 });
  const host = `http://${'a'.repeat(60)}.${'b'.repeat(60)}.localhost:8080`;
  await page.goto(linkTo(site, { ...base(), kind: 'message', message: 'line\n'.repeat(100) }, host), { referer: `${host}/` });
  await untilReady(page);
  await page.getByLabel('Password of “One”').fill(PASSWORD);
  await expect(page.getByTestId('hint')).toHaveText('Scroll down to see all that you confirm.');
  await expect(page.getByRole('button', { name: 'Sign' })).toBeDisabled();
  await seeAll(page);
  await expect(page.getByRole('button', { name: 'Sign' })).toBeEnabled();
});

test('W11: the page is in no frame', async ({ page, site, request }) => {
  for (const path of ['confirm', 'confirm.html']) expect((await request.get(`${site.url}${path}`)).headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  await page.goto('about:blank');
  await page.setContent(`<iframe src="${site.url}confirm"></iframe>`);
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
});

test('W12: closing the window refuses; a wrong request is told; without an account the page waits for one', async ({ context, site }) => {
  const opener = await ownPage(context, site);
  const waiting = await openConfirm(opener, { ...base(), kind: 'accounts' });
  await untilShown(waiting.popup, 'no-account');
  await looksRight(waiting.popup);
  await importKey(opener, '11'.repeat(32), 'One');
  await expect(waiting.popup.getByTestId('own-address')).toHaveCount(1);
  await waiting.popup.close();
  expect(await waiting.answer()).toMatchObject({ kind: 'refused', reason: 'rejected' });

  const wrong = await openConfirm(opener, payment({ value: '1.5' }));
  await expect(wrong.popup.getByTestId('explanation')).toHaveAttribute('data-state', 'bad-request');
  await closing(wrong.popup, wrong.popup.getByRole('button', { name: 'Back to the site' }).click({ delay: 600 }));
  expect(await wrong.answer()).toMatchObject({ kind: 'refused', reason: 'bad-request', field: 'value' });

  const alone = await context.newPage();
  await alone.goto(`${site.url}confirm`);
  await expect(alone.getByTestId('explanation')).toHaveAttribute('data-state', 'nothing');
  await looksRight(alone);
  await alone.getByRole('link', { name: 'What sites may see' }).click();
  await untilShown(alone, 'grants');
});

test('W12: by redirect the site is the one that gets the answer, whatever the request says; a passkey opens the account', async ({ context, site }) => {
  const back = `http://127.0.0.1:${new URL(site.url).port}/licences.txt`;
  const page = await ownPage(context, site);
  const address = await importKey(page, '11'.repeat(32), 'One');
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true, automaticPresenceSimulation: true },
  });
  await page.evaluate(
    `import('/vault-probe.js').then(async ({ openVault }) => {
      const vault = await openVault();
      if (!(await vault.supportsPasskeys())) throw new Error('no passkeys');
      await vault.addPasskey(vault.accounts()[0].id, ${JSON.stringify(PASSWORD)});
      await vault.close();
    })`,
  );
  const request: ConfirmRequest = { ...base('unit-albatross', 'https://bank.example'), kind: 'message', message: 'Hello', signer: address };
  await page.goto(linkTo(site, request, back), { referer: back });
  await expect(page.getByTestId('host')).toHaveAttribute('data-host', new URL(back).origin);
  await untilReady(page);
  await seeAll(page);
  await page.getByRole('button', { name: 'Use passkey' }).click();
  const given = await returned(page, back);
  if (given.kind !== 'message') throw new Error(JSON.stringify(given));
  expect(given.nonce).toBe(request.nonce);
  expect(verifySignedMessage(PublicKey.fromHex(given.publicKey), 'Hello', Signature.fromHex(given.signature))).toBe(true);

  await page.goto(linkTo(site, { ...request, nonce: '9'.repeat(32) }, back), { referer: back });
  await untilReady(page);
  await page.getByRole('button', { name: 'Reject' }).click();
  expect(await returned(page, back)).toEqual({ nonce: '9'.repeat(32), kind: 'refused', reason: 'rejected' });

  await page.goto('about:blank');
  await page.goto(linkTo(site, request, 'javascript:alert(1)'));
  await expect(page.getByTestId('explanation')).toHaveAttribute('data-state', 'bad-return');

  await page.goto('about:blank');
  await page.goto(linkTo(site, request, back), { referer: 'https://evil.example/' });
  await expect(page.getByTestId('explanation')).toHaveAttribute('data-state', 'other-site');
  await looksRight(page);
});
